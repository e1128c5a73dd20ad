// Settings come from a store that anything may have written.

import { expect, it } from "vitest";
import { defaultSettings, parseSettings, parseTools } from "./settings.ts";

it("reads what it wrote, and takes defaults for what makes no sense", () => {
  const settings = { ...defaultSettings, system: "Be brief.", temperature: 0, thinking: "off", theme: "dark" };
  expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
  for (const text of [null, "", "no JSON", "[1]", "null", `{"temperature":"hot","thinking":7,"theme":"pink"}`])
    expect(parseSettings(text)).toEqual(defaultSettings);
});

it("says what is wrong with tools", () => {
  expect(parseTools(" ")).toEqual({ tools: [] });
  expect(parseTools('[{"type":"function"}]')).toEqual({ tools: [{ type: "function" }] });
  expect(parseTools("{}")).toEqual({ problem: "Tools are a JSON array: [ … ]." });
  expect(parseTools("[")).toMatchObject({ problem: expect.stringMatching(/^This is not JSON: /) });
});
