/**
 * Writes proto/descriptor.ts from the .proto files, so that no code has to read them at run time and bundlers
 * have nothing to copy. Run it after a change of a .proto file and commit both.
 *
 *     node scripts/build-proto.ts
 */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import protobuf from "protobufjs";
import type { INamespace } from "protobufjs";

const rootFolder: string = join(dirname(fileURLToPath(import.meta.url)), "..");
const protoFolder: string = join(rootFolder, "proto");
const descriptorPath: string = join(protoFolder, "descriptor.ts");

/** Imports of these bring in all the others. */
const entryPaths = ["opentelemetry/proto/collector/logs/v1/logs_service.proto", "google/rpc/status.proto"];

const heading = `// Written by scripts/build-proto.ts from the .proto files in this folder: change those, and run it.
import type { INamespace } from "protobufjs/light.js";

/** The messages of the .proto files, as \`protobufjs\` describes them. */
`;

/**
 * Parses the .proto files.
 *
 * @returns What proto/descriptor.ts must hold: a JSON description of every message, enum and service.
 * @throws {Error} A .proto file cannot be parsed, or refers to a type or file that is not there.
 */
export function describeProtos(): INamespace {
  const root = new protobuf.Root();
  // An import is relative to our folder; what is not there is one of the types that protobufjs brings along.
  root.resolvePath = (_origin, target) => {
    const path = join(protoFolder, target);
    return existsSync(path) ? path : target;
  };
  root.loadSync(entryPaths);
  root.resolveAll();
  // The snake_case names serve only the text format, and the types of protobufjs 8 do not know of them.
  return JSON.parse(JSON.stringify(root, (key, value: unknown) => (key === "protoName" ? undefined : value)));
}

function writeDescriptor(): void {
  const source = `${heading}export const descriptor: INamespace = ${JSON.stringify(describeProtos())};\n`;
  writeFileSync(descriptorPath, source);
  const formatter = join(rootFolder, "node_modules/oxfmt/bin/oxfmt");
  const result = spawnSync(process.execPath, [formatter, descriptorPath], {
    cwd: rootFolder,
    stdio: "inherit",
  });
  if (result.error !== undefined) throw result.error;
  process.exitCode = result.status ?? 1;
}

if (import.meta.main) writeDescriptor();
