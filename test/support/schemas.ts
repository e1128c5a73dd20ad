// Fifty JSON schemas for tests of structured output: every supported keyword, nesting, recursion, Unicode; all strings and arrays
// bounded or recursive through what may be left out.

const tree = {
  $ref: "#/$defs/node",
  $defs: {
    node: {
      type: "object",
      properties: {
        value: { type: "integer", minimum: 0, maximum: 9 },
        children: { type: "array", items: { $ref: "#/$defs/node" }, maxItems: 2 },
      },
      required: ["value"],
      additionalProperties: false,
    },
  },
};

const text = { type: "string", maxLength: 6 };

export const schemas: Readonly<Record<string, unknown>> = {
  "a short string": { type: "string", maxLength: 8 },
  "a string of at least three": { type: "string", minLength: 3, maxLength: 5 },
  "an integer": { type: "integer" },
  "an integer in a range": { type: "integer", minimum: -17, maximum: 1234 },
  "a negative integer": { type: "integer", exclusiveMaximum: 0, minimum: -105 },
  "an integer above": { type: "integer", minimum: 998 },
  "an integer below": { type: "integer", maximum: -3 },
  "a number": { type: "number" },
  "a number in a range": { type: "number", minimum: 0.5, maximum: 3.25 },
  "a number strictly between": { type: "number", exclusiveMinimum: -1.5, exclusiveMaximum: 0.125 },
  "a tiny range": { type: "number", minimum: 1e-7, maximum: 2e-7 },
  "a number above": { type: "number", exclusiveMinimum: 99.5 },
  "a fraction in one whole": { type: "number", minimum: 2.25, exclusiveMaximum: 2.75 },
  "a boolean": { type: "boolean" },
  null: { type: "null" },
  "several types": { type: ["integer", "null", "boolean"] },
  "an enum": { enum: ["red", "green", "grün", "緑", 3, null, { a: [1] }] },
  "a const": { const: { état: "prêt", n: [1, 2, { x: null }] } },
  "an enum of a type": { type: "string", enum: ["a", "ab", "abc", 7] },
  "a pattern": { type: "string", pattern: "^[A-Z]{2}-\\d{3,5}$" },
  "a pattern found inside": { type: "string", pattern: "ab+c", maxLength: 12 },
  "a pattern with alternatives": { type: "string", pattern: "^(foo|ba[rz]|q{1,3}u?x)$" },
  "a pattern of Unicode": { type: "string", pattern: "^[äöüß\\u4e00-\\u4e20😀]{1,4}$" },
  "a pattern of letters": { type: "string", pattern: "^\\p{L}{2,4}$" },
  "a pattern of quotes": { type: "string", pattern: '^["\\\\\\n\\u0001]{1,5}$' },
  "a pattern and a length": { type: "string", pattern: "^[a-z]+(-[a-z]+)*$", minLength: 4, maxLength: 9 },
  "a date": { type: "string", format: "date" },
  "a time": { type: "string", format: "time" },
  "a moment": { type: "string", format: "date-time" },
  "a mail address": { type: "string", format: "email" },
  "a uuid": { type: "string", format: "uuid" },
  "an address": { type: "string", format: "uri" },
  "ipv4 or ipv6": {
    anyOf: [
      { type: "string", format: "ipv4" },
      { type: "string", format: "ipv6" },
    ],
  },
  "a short list": { type: "array", items: { type: "integer", minimum: 0, maximum: 9 }, minItems: 2, maxItems: 4 },
  "a list of lists": { type: "array", maxItems: 2, items: { type: "array", maxItems: 2, items: text } },
  "a tuple": {
    type: "array",
    prefixItems: [{ type: "integer" }, { type: "boolean" }],
    items: { type: "null" },
    minItems: 1,
    maxItems: 4,
  },
  "a pair": { type: "array", prefixItems: [{ const: "x" }, { type: "number" }], items: false, minItems: 2 },
  "a person": {
    type: "object",
    properties: {
      name: { type: "string", minLength: 1, maxLength: 12 },
      age: { type: "integer", minimum: 0, maximum: 120 },
      tags: { type: "array", items: { type: "string", maxLength: 4 }, maxItems: 2 },
    },
    required: ["name", "age"],
    additionalProperties: false,
  },
  "all optional": {
    type: "object",
    properties: { a: { type: "null" }, b: { type: "boolean" }, c: { type: "integer" }, d: { const: "d" } },
    additionalProperties: false,
  },
  "nested objects": {
    type: "object",
    properties: {
      outer: {
        type: "object",
        properties: { inner: { type: "object", properties: { deep: text }, required: ["deep"] } },
        required: ["inner"],
      },
    },
    required: ["outer"],
  },
  "names in many scripts": {
    type: "object",
    properties: { 名前: text, "naïve key": { type: "boolean" }, 'quo"te': { type: "null" }, "😀": { type: "integer" } },
    required: ["名前", 'quo"te', "😀"],
  },
  "a map": { type: "object", additionalProperties: { type: "integer" }, maxProperties: 3 },
  "other properties": {
    type: "object",
    properties: { id: { type: "integer" }, idea: { type: "boolean" } },
    required: ["id", "extra"],
    additionalProperties: { type: "string", maxLength: 3 },
    maxProperties: 4,
  },
  "properties by pattern": {
    type: "object",
    properties: { x: { type: "null" } },
    patternProperties: { "^n_": { type: "integer" }, "^s_": { type: "string", maxLength: 2 } },
    additionalProperties: false,
    maxProperties: 3,
  },
  "one of two shapes": {
    oneOf: [
      { type: "object", properties: { kind: { const: "circle" }, r: { type: "number" } }, required: ["kind", "r"] },
      { type: "object", properties: { kind: { const: "box" }, w: { type: "integer" } }, required: ["kind", "w"] },
    ],
  },
  "a base and alternatives": {
    type: "object",
    properties: { a: { type: "integer" }, b: { type: "boolean" } },
    anyOf: [{ required: ["a"] }, { required: ["b"] }],
    additionalProperties: false,
  },
  "all of": {
    allOf: [
      { type: "object", properties: { a: { type: "integer", minimum: 3 } }, required: ["a"] },
      { type: "object", properties: { a: { maximum: 7 }, b: text }, required: ["b"] },
      { $ref: "#/$defs/more" },
    ],
    $defs: { more: { properties: { c: { enum: [1, 2] } }, required: ["c"] } },
  },
  "a tree": tree,
  "a linked list": {
    definitions: {
      list: {
        anyOf: [
          { type: "null" },
          {
            type: "object",
            properties: { head: { type: "boolean" }, tail: { $ref: "#/definitions/list" } },
            required: ["head", "tail"],
          },
        ],
      },
    },
    $ref: "#/definitions/list",
  },
  "an expression": {
    $ref: "#/$defs/expression",
    $defs: {
      expression: {
        anyOf: [
          { type: "integer", minimum: 0, maximum: 99 },
          {
            type: "object",
            properties: {
              op: { enum: ["+", "-", "×"] },
              args: { type: "array", items: { $ref: "#/$defs/expression" }, minItems: 1, maxItems: 2 },
            },
            required: ["op", "args"],
            additionalProperties: false,
          },
        ],
      },
    },
  },
};
