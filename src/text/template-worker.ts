// Renders chat templates in a thread that can be ended: Jinja cannot be interrupted, and templates come from strangers.

import { AnyqwenError, type ErrorCode } from "../core/errors.ts";
import { type RenderedPrompt, type RenderOptions, renderTemplate, type TemplateInput } from "./render-template.ts";

export interface TemplateRequest {
  readonly id: number;
  readonly source: string;
  readonly input: TemplateInput;
  readonly options: RenderOptions;
}

export type TemplateReply =
  /** The worker is up; its time starts now. */
  | { readonly kind: "ready" }
  | { readonly kind: "prompt"; readonly id: number; readonly prompt: RenderedPrompt }
  | { readonly kind: "error"; readonly id: number; readonly code: ErrorCode; readonly message: string };

/** Characters. A prompt of that length is far beyond any model's context. */
const mostOutput = 8 << 20;

export function answerTemplateRequest({ id, source, input, options }: TemplateRequest): TemplateReply {
  try {
    const prompt = renderTemplate(source, input, options);
    if (prompt.text.length <= mostOutput) return { kind: "prompt", id, prompt };
    const message = `the chat template printed ${prompt.text.length} characters, more than the ${mostOutput} allowed`;
    return { kind: "error", id, code: "template", message };
  } catch (error) {
    const code = error instanceof AnyqwenError ? error.code : "internal";
    return { kind: "error", id, code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** True in a worker's own module only: tests and bundles import this file for its types too. */
async function serve(): Promise<void> {
  if (globalThis.process?.versions?.node) {
    const { parentPort, isMainThread, workerData } = await import("node:worker_threads");
    if (isMainThread || workerData !== "anyqwen-template") return;
    parentPort?.on("message", (request: TemplateRequest) => parentPort.postMessage(answerTemplateRequest(request)));
    parentPort?.postMessage({ kind: "ready" } satisfies TemplateReply);
  } else if ((globalThis as { name?: string }).name === "anyqwen-template") {
    globalThis.addEventListener("message", ({ data }: MessageEvent<TemplateRequest>) =>
      globalThis.postMessage(answerTemplateRequest(data)),
    );
    globalThis.postMessage({ kind: "ready" } satisfies TemplateReply);
  }
}

void serve();
