// Configuration of the usual clients, to be pasted: each is a name, where the text goes, and the text. Only what the clients' own
// documentation says of servers that speak OpenAI's or Anthropic's API.

export interface Served {
  /** Without a path: http://127.0.0.1:8080. */
  readonly url: string;
  /** What the model is called. */
  readonly model: string;
  /** What clients send; a placeholder where there is a key. */
  readonly key: string;
  /** Whether the server wants one. */
  readonly keyed: boolean;
  readonly contextTokens: number;
}

export interface ClientConfig {
  /** As --print-config takes it. */
  readonly client: string;
  readonly title: string;
  /** Where the text goes. */
  readonly where: string;
  readonly config: string;
}

type Write = (served: Served & { readonly base: string }) => string;

/** A text in JavaScript, Python, JSON, YAML and TOML. */
const quoted = (text: string) => JSON.stringify(text);
/** A word of a shell's command line. */
const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const json = (value: unknown) => JSON.stringify(value, null, 2);
const exports = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables)
    .map(([name, value]) => `export ${name}=${word(value)}`)
    .join("\n");

const clients: readonly (readonly [client: string, title: string, where: string, write: Write])[] = [
  [
    "env",
    "Environment of OpenAI's own clients",
    "a shell; their code then needs the model's name only",
    ({ base, key }) => exports({ OPENAI_BASE_URL: base, OPENAI_API_KEY: key }),
  ],
  [
    "curl",
    "curl",
    "a shell",
    ({ base, key, model }) =>
      `curl ${word(`${base}/chat/completions`)} -H 'Content-Type: application/json' -H ${word(`Authorization: Bearer ${key}`)} -d ${word(JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }))}`,
  ],
  [
    "openai-python",
    "openai for Python",
    "a program (pip install openai)",
    ({ base, key, model }) => `from openai import OpenAI

client = OpenAI(base_url=${quoted(base)}, api_key=${quoted(key)})
answer = client.chat.completions.create(
    model=${quoted(model)},
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
  ],
  [
    "openai-js",
    "openai for JavaScript",
    "a module (npm install openai)",
    ({ base, key, model }) => `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${quoted(base)}, apiKey: ${quoted(key)} });
const answer = await client.chat.completions.create({
  model: ${quoted(model)},
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0].message.content);`,
  ],
  [
    "anthropic-js",
    "Anthropic's client for JavaScript",
    "a module (npm install @anthropic-ai/sdk)",
    ({ url, key, model }) => `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: ${quoted(url)}, apiKey: ${quoted(key)} });
const answer = await client.messages.create({
  model: ${quoted(model)},
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.content);`,
  ],
  [
    "claude-code",
    "Claude Code",
    "the shell that starts it; leave ANTHROPIC_API_KEY unset",
    ({ url, key, model }) =>
      exports({
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_AUTH_TOKEN: key,
        ANTHROPIC_MODEL: model,
        ANTHROPIC_DEFAULT_OPUS_MODEL: model,
        ANTHROPIC_DEFAULT_SONNET_MODEL: model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      }),
  ],
  [
    "codex",
    "Codex",
    "~/.codex/config.toml, above its tables; the key goes into ANYQWEN_API_KEY, if there is one",
    ({ base, model, keyed, contextTokens }) =>
      [
        `model = ${quoted(model)}`,
        'model_provider = "anyqwen"',
        `model_context_window = ${contextTokens}`,
        'web_search = "disabled"',
        "",
        "[model_providers.anyqwen]",
        'name = "anyqwen"',
        `base_url = ${quoted(base)}`,
        ...(keyed ? ['env_key = "ANYQWEN_API_KEY"'] : []),
        'wire_api = "responses"',
      ].join("\n"),
  ],
  [
    "qwen-code",
    "Qwen Code",
    "the shell that starts it",
    ({ base, key, model }) =>
      `${exports({ OPENAI_BASE_URL: base, OPENAI_API_KEY: key, OPENAI_MODEL: model })}
qwen`,
  ],
  [
    "opencode",
    "OpenCode",
    "opencode.json, in your project or in ~/.config/opencode",
    ({ base, key, model, contextTokens }) =>
      json({
        $schema: "https://opencode.ai/config.json",
        provider: {
          anyqwen: {
            npm: "@ai-sdk/openai-compatible",
            name: "anyqwen",
            options: { baseURL: base, apiKey: key },
            models: { [model]: { name: model, limit: { context: contextTokens, output: contextTokens >> 1 } } },
          },
        },
      }),
  ],
  [
    "cline",
    "Cline",
    "its settings; the context window is under Model Configuration",
    ({ base, key, model, contextTokens }) =>
      [
        "API Provider: OpenAI Compatible",
        `Base URL: ${base}`,
        `OpenAI Compatible API Key: ${key}`,
        `Model ID: ${model}`,
        `Context Window: ${contextTokens}`,
      ].join("\n"),
  ],
  [
    "ai-sdk",
    "AI SDK",
    "a module (npm install ai @ai-sdk/openai-compatible)",
    ({ base, key, model }) => `import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";

const anyqwen = createOpenAICompatible({ name: "anyqwen", baseURL: ${quoted(base)}, apiKey: ${quoted(key)} });
const { text } = await generateText({ model: anyqwen(${quoted(model)}), prompt: "Hello" });
console.log(text);`,
  ],
  [
    "langchain-python",
    "LangChain for Python",
    "a program (pip install langchain-openai)",
    ({ base, key, model }) => `from langchain_openai import ChatOpenAI

model = ChatOpenAI(model=${quoted(model)}, base_url=${quoted(base)}, api_key=${quoted(key)})
print(model.invoke("Hello").content)`,
  ],
  [
    "langchain-js",
    "LangChain for JavaScript",
    "a module (npm install @langchain/openai @langchain/core)",
    ({ base, key, model }) => `import { ChatOpenAI } from "@langchain/openai";

const model = new ChatOpenAI({
  model: ${quoted(model)},
  apiKey: ${quoted(key)},
  configuration: { baseURL: ${quoted(base)} },
});
console.log((await model.invoke("Hello")).content);`,
  ],
  [
    "litellm",
    "LiteLLM's proxy",
    "its config.yaml (litellm --config config.yaml)",
    ({ base, key, model }) => `model_list:
  - model_name: ${quoted(model)}
    litellm_params:
      model: ${quoted(`openai/${model}`)}
      api_base: ${quoted(base)}
      api_key: ${quoted(key)}`,
  ],
  [
    "continue",
    "Continue",
    "~/.continue/config.yaml",
    ({ base, key, model, contextTokens }) => `name: anyqwen
version: 0.0.1
schema: v1
models:
  - name: ${quoted(model)}
    provider: openai
    model: ${quoted(model)}
    apiBase: ${quoted(base)}
    apiKey: ${quoted(key)}
    defaultCompletionOptions:
      contextLength: ${contextTokens}`,
  ],
  [
    "open-webui",
    "Open WebUI",
    "a shell (pip install open-webui)",
    ({ base, key }) =>
      `${exports({ OPENAI_API_BASE_URL: base, OPENAI_API_KEY: key })}
open-webui serve --port 3000`,
  ],
  [
    "zed",
    "Zed",
    "its settings.json; the key goes into the provider's settings, or into ANYQWEN_API_KEY",
    ({ base, model, contextTokens }) =>
      json({
        language_models: {
          openai_compatible: {
            anyqwen: {
              api_url: base,
              available_models: [{ name: model, display_name: model, max_tokens: contextTokens }],
            },
          },
        },
      }),
  ],
  [
    "aider",
    "aider",
    "a shell, in your repository",
    ({ base, key, model }) =>
      `${exports({ OPENAI_API_BASE: base, OPENAI_API_KEY: key })}
aider --model ${word(`openai/${model}`)}`,
  ],
];

export const clientNames: readonly string[] = clients.map(([client]) => client);

export function clientConfigs(served: Served): ClientConfig[] {
  return clients.map(([client, title, where, write]) => ({
    client,
    title,
    where,
    config: write({ ...served, base: `${served.url}/v1` }),
  }));
}
