import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { TlsFiles } from "../../exporters/tls-files.ts";
import type { TlsSettings } from "../../exporters/tls-settings.ts";
import { makeFolder } from "../handlers/fixture.ts";
import { makeCertificate } from "../receiver/certificate.ts";

const old = makeCertificate("old");
const fresh = makeCertificate("new");

/** Settings of which each text stands in a file. */
function settingsIn(folder: string, texts: Partial<Record<"ca" | "cert" | "key", string>>): TlsSettings {
  const files = Object.fromEntries(Object.keys(texts).map((name) => [name, join(folder, `${name}.pem`)]));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, `${name}.pem`), text);
  return { ...texts, files };
}

/** As tools do it that never leave half a file. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

test("current() is the same object until a file has changed", () => {
  const folder = makeFolder();
  const files = new TlsFiles(settingsIn(folder, { ca: old.cert }));
  const before = files.current();
  expect(files.current()).toBe(before);
  replace(join(folder, "ca.pem"), fresh.cert);
  expect(files.current()).toMatchObject({ ca: fresh.cert });
  expect(files.current()).toBe(files.current());
});

test("current() leaves settings without files as they are", () => {
  const settings = { ca: old.cert };
  expect(new TlsFiles(settings).current()).toBe(settings);
});

test("current() keeps the old pair until the certificate and its key are both there, and says so once a change", () => {
  const folder = makeFolder();
  const troubles: string[] = [];
  const settings = settingsIn(folder, { cert: old.cert, key: old.key });
  const files = new TlsFiles(settings, (trouble) => troubles.push(trouble));
  files.current();
  replace(join(folder, "cert.pem"), fresh.cert);
  expect(files.current()).toMatchObject({ cert: old.cert, key: old.key });
  expect(files.current()).toMatchObject({ cert: old.cert, key: old.key });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(
    /^Cannot use the changed TLS files ".*cert\.pem", ".*key\.pem": "cert" must be a certificate with the key "key" in PEM \(.*\); connections are made with what they held before$/,
  );
  replace(join(folder, "key.pem"), fresh.key);
  expect(files.current()).toMatchObject({ cert: fresh.cert, key: fresh.key });
  expect(troubles).toHaveLength(1);
});

test.each([
  ["is gone", (path: string) => rmSync(path), "ENOENT"],
  [
    "is no certificate",
    (path: string) => replace(path, "-----BEGIN CERTIFICATE-----"),
    '"ca" must be certificates',
  ],
  ["is empty", (path: string) => replace(path, ""), '"ca" must be certificates'],
])(
  "current() keeps the old certificates when the file %s, and takes it when it is good again",
  (_name, spoil, expected) => {
    const folder = makeFolder();
    const path = join(folder, "ca.pem");
    const troubles: string[] = [];
    const files = new TlsFiles(settingsIn(folder, { ca: old.cert }), (trouble) => troubles.push(trouble));
    files.current();
    spoil(path);
    expect(files.current()).toMatchObject({ ca: old.cert });
    expect(troubles.join()).toContain(expected);
    replace(path, fresh.cert);
    expect(files.current()).toMatchObject({ ca: fresh.cert });
  },
);
