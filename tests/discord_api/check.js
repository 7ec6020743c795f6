// Lines of {"name", "schema", "body"} on standard input → a line for each body that its schema does not take.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

// As it is published, keys that a schema does not know are let through.
const published = readFileSync("node_modules/discord-api-spec/build/discord-api-spec.zod.js", "utf8");
writeFileSync("strict.js", published.replace("let zObject = z.object;", "let zObject = z.strictObject;"));
const schemas = await import("./strict.js");

let checked = 0;
let failed = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { name, schema, body } = JSON.parse(line);
  const known = schemas[`${schema}Schema`];
  if (!known) throw new Error(`there is no schema ${schema}`);
  const result = known.safeParse(body);
  checked += 1;
  if (!result.success) {
    failed += 1;
    console.log(`${name}: not a ${schema}: ${JSON.stringify(result.error.issues).slice(0, 2000)}`);
  }
}
console.log(`${checked - failed} passed, ${failed} failed`);
process.exit(failed || !checked ? 1 : 0);
