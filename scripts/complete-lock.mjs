// npm 11 refuses a lock file that names an optional platform package without describing it, and leaves them out when the registry in
// use does not carry every platform. Run after a change of dependencies: describes the missing ones by their names.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
let added = 0;
for (const [where, { optionalDependencies = {}, dev }] of Object.entries(lock.packages))
  for (const [name, range] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${where}/node_modules/${name}`]) continue;
    const words = name.split(/[-/]/);
    const os = systems.filter((system) => words.includes(system) || (system === "linux" && name.includes("linux")));
    const cpu = processors.filter((processor) => words.includes(processor));
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ""),
      ...(dev ? { dev } : {}),
      optional: true,
      ...(cpu.length > 0 ? { cpu } : {}),
      os: os.length > 0 ? os : ["none"],
    };
    added++;
  }
const root = lock.packages[""];
const rest = Object.entries(lock.packages).filter(([key]) => key !== "");
lock.packages = { "": root, ...Object.fromEntries(rest.sort(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages described`);
