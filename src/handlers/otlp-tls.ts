// TLS of OTLP exporters: the option, completed from the variables of the specification.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { pemFaultOf } from "../../exporters/pem-fault.ts";
import { tlsSettingsOf, type TlsOptions } from "../../exporters/tls-options.ts";
import type { TlsFileName, TlsSettings } from "../../exporters/tls-settings.ts";
import { reportOnce } from "../diagnostics.ts";
import { currentEnvironment } from "../options/current-environment.ts";
import type { Environment } from "../options/description.ts";
import { OTLP_TLS_OPTIONS } from "../options/otlp-tls-options.ts";

/** Whose TLS it is. */
export interface OtlpTlsContext {
  /** Where requests go: the variables are looked at for `https:` only. */
  readonly url: string;
  /** `handler "audit"`, for what is ignored. */
  readonly subject: string;
  readonly env?: Environment;
}

/** A file that a variable names. */
interface NamedFile {
  readonly variable: string;
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the option `tls` of an OTLP exporter. What it leaves out comes from OTEL_EXPORTER_OTLP[_LOGS]_CERTIFICATE, _CLIENT_CERTIFICATE
 * and _CLIENT_KEY, the signal's own first. A file of theirs that cannot be read or used is reported and ignored.
 *
 * @throws {ConfigError} What is given is wrong. Names all faults; shows no key.
 * @see OTLP exporter, Configuration options: Certificate File, Client key file, Client certificate file
 */
export function otlpTlsOf(given: boolean | TlsOptions, context: OtlpTlsContext): TlsSettings {
  const own: TlsOptions = typeof given === "boolean" ? {} : given;
  if (!context.url.startsWith("https:")) return tlsSettingsOf(own, context.subject);
  const ca = own.ca === undefined ? usableFile("ca", context) : undefined;
  const pair =
    own.cert === undefined && own.key === undefined ? usablePair(own.passphrase, context) : undefined;
  const paths = { ...(ca === undefined ? {} : { ca: ca.path }), ...pair };
  return tlsSettingsOf({ ...own, ...paths }, context.subject);
}

function usablePair(
  passphrase: string | undefined,
  context: OtlpTlsContext,
): Pick<TlsOptions, "cert" | "key"> | undefined {
  const cert = usableFile("cert", context);
  const key = usableFile("key", context);
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const alone = cert ?? key;
    ignore(
      alone?.variable ?? "",
      `needs ${cert === undefined ? "a client certificate" : "a client key"} beside it`,
      context,
    );
    return undefined;
  }
  const fault = pemFaultOf({
    cert: cert.text,
    key: key.text,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  if (fault === undefined) return { cert: cert.path, key: key.path };
  const expected = `must name a certificate with the key of ${key.variable}, both in PEM (${fault.code})`;
  ignore(cert.variable, expected, context);
  return undefined;
}

/** The first variable of an option whose file can be read. */
function usableFile(name: TlsFileName, context: OtlpTlsContext): NamedFile | undefined {
  const { env = currentEnvironment() } = context;
  for (const variable of OTLP_TLS_OPTIONS[name].environment ?? []) {
    const text = env[variable]?.trim() ?? "";
    if (text === "") continue;
    const file = readNamed(variable, resolve(text), context);
    if (file === undefined) continue;
    const fault = name === "ca" ? pemFaultOf({ ca: file.text }) : undefined;
    if (fault === undefined) return file;
    ignore(variable, `must name a file of certificates in PEM (${fault.code})`, context);
  }
  return undefined;
}

function readNamed(variable: string, path: string, context: OtlpTlsContext): NamedFile | undefined {
  try {
    return { variable, path, text: readFileSync(path, "utf8") };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    ignore(variable, `must name a file that can be read, "${path}" cannot (${code ?? message})`, context);
    return undefined;
  }
}

function ignore(variable: string, expected: string, { subject }: OtlpTlsContext): void {
  reportOnce(
    `environment ${variable}`,
    `Cannot use the environment variable ${variable} for ${subject}: it ${expected}; ignored`,
  );
}
