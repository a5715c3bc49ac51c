// Whether files of `numaprobe detect --sarif` are SARIF 2.1.0, by its JSON schema. Prints TAP.
// Usage: check.js FILE...
"use strict";
const fs = require("fs");
const Ajv = require("ajv");
const schema = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");

const ajv = new Ajv({ allErrors: true, schemaId: "auto", unknownFormats: "ignore" });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
const validate = ajv.compile(schema);
const files = process.argv.slice(2);
let failed = 0;
files.forEach((file, index) => {
  const good = validate(JSON.parse(fs.readFileSync(file, "utf8")));
  failed += !good;
  console.log(`${good ? "ok" : "not ok"} ${index + 1} - ${file.split("/").pop()} is SARIF 2.1.0`);
  for (const error of validate.errors || []) console.log(`# ${error.dataPath} ${error.message}`);
});
const refuses = !validate({ version: "2.1.0", runs: [{ tool: { driver: {} } }] });
failed += !refuses;
console.log(`${refuses ? "ok" : "not ok"} ${files.length + 1} - a tool without a name is refused`);
console.log(`1..${files.length + 1}`);
process.exit(failed ? 1 : 0);
