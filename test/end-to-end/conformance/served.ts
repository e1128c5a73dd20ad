// What the conformance tests share: a tiny checkpoint behind a server, and a tool and a schema whose answers random weights can only
// give in form. The template has tools and no thoughts, so that a required call is all that comes.

import { z } from "zod";
import { load, type Qwen } from "../../../src/index.ts";
import { createServer, listen } from "../../../src/server/index.ts";
import { withTinyModel } from "../../support/tiny.ts";

export interface Served extends AsyncDisposable {
  readonly qwen: Qwen;
  readonly url: string;
}

export const loadOptions = { inProcess: true, threads: 1, contextTokens: 4096, poolTokens: 16384 } as const;

export async function serveTiny(family = "qwen2"): Promise<Served> {
  const qwen = await withTinyModel(family, (folder) => load(folder, loadOptions));
  const listening = await listen(createServer(qwen, { name: "tiny", log: () => {} }));
  return {
    qwen,
    url: listening.url,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await qwen.close();
    },
  };
}

export const question = "What is the weather in Oslo?";

export const weatherInput = z.object({
  city: z.enum(["Oslo", "Rome"]),
  days: z.number().int().min(1).max(14),
  units: z.array(z.enum(["c", "f"])).max(2),
});

/** The same as a schema, for clients that take it so. */
export const weatherSchema = z.toJSONSchema(weatherInput) as { type: "object"; [key: string]: unknown };

export const person = z.object({
  name: z.string().max(12),
  age: z.number().int().min(0).max(120),
  pets: z.array(z.object({ kind: z.enum(["cat", "dog"]), tame: z.boolean() })).max(3),
});
