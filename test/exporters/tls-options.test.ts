import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tlsSettingsOf } from "../../exporters/tls-options.ts";
import { makeCertificate } from "../receiver/certificate.ts";
import { configErrorOf, makeFolder } from "../handlers/fixture.ts";

const ours = makeCertificate("ours");
const other = makeCertificate("other");

describe("tlsSettingsOf()", () => {
  test.each([true, false, {}])("%j leaves everything to Node", (given) => {
    expect(tlsSettingsOf(given, "x")).toEqual({});
  });

  test("takes texts of PEM, and paths of files", () => {
    const folder = makeFolder();
    const path = join(folder, "ca.pem");
    writeFileSync(path, other.cert);
    const given = { ca: path, ...ours, servername: "log.example", rejectUnauthorized: false };
    expect(tlsSettingsOf(given, "x")).toEqual({ ...given, ca: other.cert, files: { ca: path } });
  });

  test.each([
    [
      { ca: "/nowhere.pem", key: "/nowhere.key" },
      ['"tls.ca" is "/nowhere.pem", must be text of PEM', '"tls.key" is "[hidden string]", must be'],
    ],
    [{ cert: ours.cert }, ['"tls.key" is missing, must be given together with "cert"']],
    [{ key: ours.key }, ['"tls.cert" is missing, must be given together with "key"']],
    [
      { cert: ours.cert, key: other.key },
      ['"tls.cert" is "[hidden string]", must be a certificate with the key "key"'],
    ],
    [
      { cert: "-----BEGIN CERTIFICATE-----", key: ours.key },
      ['"tls.cert" is "[hidden string]", must be a certificate'],
    ],
  ])("refuses %#", (given, expected) => {
    const text = configErrorOf(() => tlsSettingsOf(given, 'handler "x"'));
    expect(text).toContain('Cannot start handler "x"');
    for (const part of expected) expect(text).toContain(part);
    expect(text).not.toContain("PRIVATE");
  });
});
