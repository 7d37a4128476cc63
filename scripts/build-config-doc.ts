/**
 * Writes CONFIG.md from the tables of src/options. Run it after a change of a table and commit both.
 *
 *     node scripts/build-config-doc.ts
 */
import { writeFileSync } from "node:fs";

import { configDoc } from "./config-doc.ts";

writeFileSync(new URL("../CONFIG.md", import.meta.url), configDoc());
