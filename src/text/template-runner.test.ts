// The runner with workers that answer, hang, die or never start. The real worker is tested on the built package.

import { describe, expect, it } from "vitest";
import { TemplateRunner, type TemplateWorker } from "./template-runner.ts";
import { answerTemplateRequest, type TemplateRequest } from "./template-worker.ts";
import { fixtureText } from "./testing.ts";

interface FakeOptions {
  /** What happens to a request; true: it was dealt with. */
  readonly instead?: (request: TemplateRequest, worker: TemplateWorker) => boolean;
  readonly start?: (worker: TemplateWorker) => void;
}

function fakes(options: FakeOptions = {}) {
  const made: { ended: boolean; requests: number }[] = [];
  const createWorker = (): TemplateWorker => {
    const state = { ended: false, requests: 0 };
    made.push(state);
    const worker: TemplateWorker = {
      post(request) {
        state.requests++;
        if (options.instead?.(request, worker)) return;
        setTimeout(() => worker.onReply(answerTemplateRequest(structuredClone(request))));
      },
      onReply() {},
      onFailure() {},
      end() {
        state.ended = true;
      },
    };
    setTimeout(() => (options.start ? options.start(worker) : worker.onReply({ kind: "ready" })));
    return worker;
  };
  return { made, createWorker };
}

const hello = { messages: [{ role: "user", content: "hello" }] };
const print = "{{ messages[0].content }}";

describe("the template runner", () => {
  it("serves one after the other with one worker", async () => {
    const { made, createWorker } = fakes();
    const runner = new TemplateRunner({ createWorker });
    const texts = ["a", "b", "c"].map((text) => runner.render(`${text}{{ messages[0].content }}`, hello));
    expect((await Promise.all(texts)).map((prompt) => prompt.text)).toEqual(["ahello", "bhello", "chello"]);
    expect(made).toEqual([{ ended: false, requests: 3 }]);
    runner.close();
    expect(made[0].ended).toBe(true);
    await expect(runner.render(print, hello)).rejects.toMatchObject({ code: "aborted" });
  });

  it("ends what never ends, and goes on with another worker", async () => {
    const { made, createWorker } = fakes({ instead: (request) => request.source === "forever" });
    const runner = new TemplateRunner({ createWorker, timeoutMs: 20 });
    const [stuck, fine] = await Promise.allSettled([runner.render("forever", hello), runner.render(print, hello)]);
    expect(stuck).toMatchObject({ reason: { code: "template", message: expect.stringMatching(/more than 0.02 s/) } });
    expect(fine).toMatchObject({ value: { text: "hello" } });
    expect(made.map((worker) => worker.ended)).toEqual([true, false]);
  });

  it("passes the template's own errors on, and says when a worker dies or cannot start", async () => {
    const runner = new TemplateRunner(fakes());
    await expect(runner.render("{{ raise_exception('no') }}", hello)).rejects.toMatchObject({ code: "template" });
    const huge =
      "{% for i in range(100000) %}{{ 'x' * 1 if false else '0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789' }}{% endfor %}";
    await expect(runner.render(huge, hello)).rejects.toThrow(/printed 10000000 characters/);
    expect((await runner.render(print, hello)).text).toBe("hello");

    const dying = new TemplateRunner(
      fakes({
        instead: (_request, worker) => {
          worker.onFailure("out of memory");
          return true;
        },
      }),
    );
    await expect(dying.render(print, hello)).rejects.toThrow(
      /^the chat template was ended: out of memory; take another/,
    );

    const absent = fakes({ start: (worker) => worker.onFailure("404") });
    const broken = new TemplateRunner(absent);
    const both = await Promise.allSettled([broken.render(print, hello), broken.render(print, hello)]);
    for (const result of both)
      expect(result).toMatchObject({ reason: { message: expect.stringMatching(/404; if its file/) } });
    expect(absent.made.length).toBe(1);
    const throwing = new TemplateRunner({ createWorker: () => Promise.reject(new Error("no threads")) });
    await expect(throwing.render(print, hello)).rejects.toThrow(/no threads/);
  });

  it("needs no worker for the templates of the package", async () => {
    const { made, createWorker } = fakes();
    const { text } = await new TemplateRunner({ createWorker }).render(fixtureText("templates/qwen2.5.jinja"), hello);
    expect(text).toContain("<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n");
    expect(made).toEqual([]);
  });
});
