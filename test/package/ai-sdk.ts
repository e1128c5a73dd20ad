// Run by package.test.ts where the package and the AI SDK are installed: compiled against the package's types, then the answer that
// both of them give together. Usage: ai-sdk.js MODEL

import { generateText } from "ai";
import { type AnyqwenLanguageOptions, createAnyqwen } from "anyqwen/ai-sdk";

const anyqwen = createAnyqwen({ threads: 2 });
const { text, usage } = await generateText({
  model: anyqwen(process.argv[2]),
  prompt: "Hello!",
  temperature: 0,
  maxOutputTokens: 64,
  providerOptions: { anyqwen: { speculate: false } satisfies AnyqwenLanguageOptions },
});
await anyqwen.close();
console.log(JSON.stringify({ text, tokens: usage.outputTokens }));
