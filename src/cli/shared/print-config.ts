// serve --print-config: what clients need to know of a server that these flags would start. Nothing is loaded and no port is taken.

import { AnyqwenError } from "../../core/errors.ts";
import { resolveModel } from "../../hub/hub.ts";
import { shortName } from "../../server/index.ts";
import { clientConfigs, clientNames, type Served } from "./client-configs.ts";
import { UsageError } from "./exit.ts";
import { note, print, printJson } from "./output.ts";

interface ConfigFlags {
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly context?: number;
  readonly json?: true;
  /** A client's name; true: all of them. */
  readonly printConfig: string | true;
}

/** Programs want a key where the server asks for none, too. */
const NO_KEY = "none";
const KEY = "YOUR_API_KEY";

export async function printConfig(model: string, flags: ConfigFlags, hasKey: boolean, context: number): Promise<void> {
  const { printConfig: wanted, json } = flags;
  if (wanted !== true && !clientNames.includes(wanted))
    throw new UsageError(
      `--print-config ${wanted}: there is no such client; there are ${clientNames.join(", ")} (a model goes before the flag)`,
    );
  if (flags.port === 0) throw new UsageError("--port 0 takes a free port at the start; clients need one that stays");
  const served: Served = {
    url: `http://${hostOf(flags.host)}:${flags.port}`,
    model: flags.name ?? (await nameOf(model)),
    key: hasKey ? KEY : NO_KEY,
    keyed: hasKey,
    contextTokens: flags.context ?? context,
  };
  const configs = clientConfigs(served);
  if (wanted !== true) {
    const chosen = configs.filter(({ client }) => client === wanted);
    for (const config of chosen) {
      if (json) printJson(config);
      else {
        note(`${config.title}: ${config.where}`);
        print(config.config);
      }
    }
  } else if (json) configs.forEach(printJson);
  else
    print(configs.map(({ client, title, where, config }) => `# ${client}: ${title}; ${where}\n${config}`).join("\n\n"));
}

/** An address that programs of this machine can ask. */
function hostOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** As the server will call it; a model that is not here yet goes by what it was asked for. */
async function nameOf(model: string): Promise<string> {
  const resolved = await resolveModel(model, { pull: false, offline: true }).catch((error: unknown) => {
    const missing = error instanceof AnyqwenError && error.code === "not-found" && model !== "default";
    if (missing) return { name: model };
    throw error;
  });
  return shortName(resolved.name);
}
