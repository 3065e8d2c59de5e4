// node run.js           the cases that the phone's rules answer otherwise than expected, by file, as JSON
// node run.js merge     what they answer to each input of a JSON list on standard input, as in tests/vectors/merge.json

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { CALLS, wrongOf } from "./calls.js";
import { filesOf, rulesOf } from "./node.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [name] = process.argv.slice(2);

const rules = await rulesOf(ROOT);
if (name) {
  const inputs = JSON.parse(readFileSync(0, "utf-8"));
  process.stdout.write(
    JSON.stringify(inputs.map((/** @type {any} any: JSON */ given) => CALLS[name](rules, given, null) ?? null)),
  );
} else {
  const found = filesOf(ROOT).map(({ name: each, call, file }) => [
    each,
    { cases: file.cases.length, wrong: wrongOf(rules, call, file) },
  ]);
  process.stdout.write(JSON.stringify(Object.fromEntries(found)));
}
