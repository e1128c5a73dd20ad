// The string formats of JSON schemas that have one plain form, as regular expressions. They allow less than the standards do (no 29th
// of February, no quoted mail names), so whatever they allow passes any validator.

const YEAR = "[0-9]{4}";
const DAY_OF_MONTH =
  "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
const DATE = `${YEAR}-${DAY_OF_MONTH}`;
const TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])";
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
const HOSTNAME = `${LABEL}(?:\\.${LABEL}){0,5}`;
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const HEX = "[0-9a-fA-F]";
const GROUP = `${HEX}{1,4}`;
const IPV6 = `(?:${GROUP}:){7}${GROUP}|${GROUP}(?::${GROUP}){0,2}::(?:${GROUP}(?::${GROUP}){0,2})?|::(?:${GROUP}(?::${GROUP}){0,5})?`;
const DURATION = "P(?:[0-9]{1,4}W|[0-9]{1,4}D(?:T[0-9]{1,4}[HMS])?|T[0-9]{1,4}[HMS])";
const PATH = "(?:/[A-Za-z0-9._~-]{1,64}){0,8}/?";

export const FORMATS: Readonly<Record<string, string>> = {
  date: DATE,
  time: TIME,
  "date-time": `${DATE}T${TIME}`,
  duration: DURATION,
  email: `[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,32}){0,2}@${LABEL}(?:\\.${LABEL}){1,4}`,
  hostname: HOSTNAME,
  uuid: `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`,
  uri: `https?://${LABEL}(?:\\.${LABEL}){1,4}(?::[1-9][0-9]{0,3})?${PATH}(?:\\?[A-Za-z0-9=&_-]{1,128})?(?:#[A-Za-z0-9_-]{1,64})?`,
  ipv4: `${OCTET}(?:\\.${OCTET}){3}`,
  ipv6: IPV6,
};
