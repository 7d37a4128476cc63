import type { TlsSettings } from "./tls-settings.ts";

/** What is wrong with texts of PEM. */
export interface PemFault {
  readonly name: "ca" | "cert";
  /** The code of OpenSSL, or that there is none. */
  readonly code: string;
}

/** Tries certificates and a key, as a connection would. @returns `undefined` when nothing is wrong. */
export function pemFaultOf({ ca, cert, key, passphrase }: TlsSettings): PemFault | undefined {
  if (ca !== undefined && !hasWholeCertificates(ca)) return { name: "ca", code: "no PEM, or not all of it" };
  // Loaded when it is needed: it would make every import of this package longer.
  const { createSecureContext } = process.getBuiltinModule("node:tls");
  for (const parts of [{ ca }, { cert, key, passphrase }]) {
    try {
      createSecureContext(Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== undefined)));
    } catch (error) {
      const { code = "no PEM" } = error as NodeJS.ErrnoException;
      return { name: "ca" in parts ? "ca" : "cert", code };
    }
  }
  return undefined;
}

/** OpenSSL takes what it finds, be it nothing: a file that is being written must not leave us without certificates. */
function hasWholeCertificates(text: string): boolean {
  const beginCount = text.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  const endCount = text.match(/-----END [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  return beginCount > 0 && beginCount === endCount;
}
