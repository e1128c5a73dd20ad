// Files that commands write, as formats/ writes them.

export { checkOutput, writeAtomically } from "../../formats/write-files.ts";
