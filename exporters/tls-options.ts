import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError, type ConfigProblem } from "../src/errors.ts";
import type { OptionsOf, ResolvedOf } from "../src/options/infer.ts";
import { hintFor } from "../src/options/read-value.ts";
import { TLS_OPTIONS } from "../src/options/tls-options.ts";
import { resolveOptions } from "../src/options/validate.ts";
import { pemFaultOf } from "./pem-fault.ts";
import type { TlsFileName, TlsSettings } from "./tls-settings.ts";

/** The option `tls` as it is given. */
export type TlsOptions = OptionsOf<typeof TLS_OPTIONS>;
const PEM_NAMES: readonly TlsFileName[] = ["ca", "cert", "key"];
const PEM_START = "-----BEGIN ";

/**
 * Reads the option `tls`: files are read, and certificate and key tried, so that what is wrong with them is an error at once.
 *
 * @throws {ConfigError} A file cannot be read, or is no certificate or key. Names all faults; shows no key.
 */
export function tlsSettingsOf(given: boolean | TlsOptions, subject: string): TlsSettings {
  if (typeof given === "boolean") return {};
  const resolved = resolveOptions(TLS_OPTIONS, given, { subject, path: "tls" });
  const { problems, ...pem } = readPem(resolved);
  if (problems.length === 0) problems.push(...faultsOf(pem, resolved.passphrase));
  if (problems.length > 0) throw new ConfigError(`Cannot start ${subject}`, problems);
  return {
    ...pem,
    ...(resolved.passphrase === undefined ? {} : { passphrase: resolved.passphrase }),
    ...(resolved.servername === undefined ? {} : { servername: resolved.servername }),
    ...(resolved.rejectUnauthorized ? {} : { rejectUnauthorized: false }),
  };
}

type Pem = Pick<TlsSettings, TlsFileName | "files">;

function readPem(resolved: ResolvedOf<typeof TLS_OPTIONS>): Pem & { readonly problems: ConfigProblem[] } {
  const pem: Partial<Record<TlsFileName, string>> = {};
  const files: Partial<Record<TlsFileName, string>> = {};
  const problems: ConfigProblem[] = [];
  for (const name of PEM_NAMES) {
    const text = resolved[name];
    if (text === undefined) continue;
    const isText = text.includes(PEM_START);
    if (!isText) files[name] = resolve(text);
    try {
      pem[name] = isText ? text : readFileSync(text, "utf8");
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      problems.push(
        faultOf(name, text, `must be text of PEM or a file that can be read (${code ?? message})`),
      );
    }
  }
  return { ...pem, ...(Object.keys(files).length === 0 ? {} : { files }), problems };
}

function faultsOf(pem: Pem, passphrase: string | undefined): ConfigProblem[] {
  if ((pem.cert === undefined) !== (pem.key === undefined)) {
    const missing = pem.cert === undefined ? "cert" : "key";
    return [
      faultOf(missing, undefined, `must be given together with "${missing === "key" ? "cert" : "key"}"`),
    ];
  }
  const fault = pemFaultOf(passphrase === undefined ? pem : { ...pem, passphrase });
  if (fault === undefined) return [];
  const expected = fault.name === "ca" ? "must be certificates" : 'must be a certificate with the key "key"';
  return [faultOf(fault.name, "[hidden string]", `${expected} in PEM (${fault.code})`)];
}

function faultOf(name: TlsFileName, value: string | undefined, expected: string): ConfigProblem {
  const shown = name === "key" && value !== undefined ? "[hidden string]" : value;
  return { path: `tls.${name}`, value: shown, expected, hint: hintFor(name) };
}
