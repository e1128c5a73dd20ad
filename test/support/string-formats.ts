// The string formats of JSON schemas for ajv, each by another way than the grammar's own expressions where there is one.

import { isIPv4, isIPv6 } from "node:net";

const isDate = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
const isTime = (text: string) => /[zZ]|[+-]\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`2000-01-01T${text}`));

export const stringFormats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: isTime,
  "date-time": (text) => isDate(text.slice(0, 10)) && text[10] === "T" && isTime(text.slice(11)),
  email: (text) => /^[^\s@.]+(\.[^\s@.]+)*@[a-z0-9.-]+\.[a-z0-9-]+$/.test(text),
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  uri: (text) => URL.canParse(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
};
