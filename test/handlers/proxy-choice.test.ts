import { describe, expect, test } from "vitest";

import { chooseProxy } from "../../src/handlers/proxy-choice.ts";
import { troublesOfTest } from "./fixture.ts";

const https = "https://collector.example:4318/v1/logs";
const http = "http://collector.example:4318/v1/logs";
const subject = 'handler "test"';

function originOf(env: Readonly<Record<string, string>>, url = https): string | undefined {
  return chooseProxy(undefined, { url, subject, env })?.origin;
}

describe("chooseProxy()", () => {
  test("takes what is given, before the environment, also for this machine", () => {
    const env = { HTTPS_PROXY: "http://other:1", NO_PROXY: "*" };
    const url = "https://localhost/";
    expect(chooseProxy("http://me:p%40ss@proxy:3128", { url, subject, env })).toEqual({
      origin: "http://proxy:3128",
      authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    });
    expect(chooseProxy(new URL("https://proxy"), { url, subject, env })).toEqual({
      origin: "https://proxy",
      authorization: undefined,
    });
  });

  test("takes none when false is given", () => {
    expect(
      chooseProxy(false, { url: https, subject, env: { HTTPS_PROXY: "http://proxy:1" } }),
    ).toBeUndefined();
  });

  test.each([
    ["HTTPS_PROXY for https:", { HTTPS_PROXY: "http://a:1", HTTP_PROXY: "http://b:2" }, https, "http://a:1"],
    ["HTTP_PROXY for http:", { HTTPS_PROXY: "http://a:1", HTTP_PROXY: "http://b:2" }, http, "http://b:2"],
    ["not HTTP_PROXY for https:", { HTTP_PROXY: "http://b:2" }, https, undefined],
    ["lower case first", { https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, https, "http://a:1"],
    ["empty as not set", { https_proxy: " ", HTTPS_PROXY: "http://b:2" }, https, "http://b:2"],
    ["no scheme as http:", { HTTPS_PROXY: "proxy:3128" }, https, "http://proxy:3128"],
    ["HTTP_PROXY not in a CGI program", { HTTP_PROXY: "http://b:2", REQUEST_METHOD: "GET" }, http, undefined],
    ["http_proxy in a CGI program", { http_proxy: "http://b:2", REQUEST_METHOD: "GET" }, http, "http://b:2"],
  ] as const)("takes %s", (_name, env, url, expected) => {
    expect(originOf(env, url)).toBe(expected);
  });

  test.each(["https://localhost/", "https://127.0.0.2/", "https://[::1]:4318/", "https://a.localhost/"])(
    "never has a proxy of the environment for %s",
    (url) => {
      expect(originOf({ HTTPS_PROXY: "http://a:1" }, url)).toBeUndefined();
    },
  );

  test.each([
    ["*", https, true],
    ["collector.example", https, true],
    ["example", https, true],
    [".example", https, true],
    ["*.example", https, true],
    ["COLLECTOR.example", https, true],
    ["other, collector.example", https, true],
    ["collector.example:4318", https, true],
    ["collector.example:443", https, false],
    ["collector.example:443", "https://collector.example/", true],
    ["ample", https, false],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.1.2.3", "https://10.1.2.3:4318/", true],
    ["10.1.2.3:4318", "https://10.1.2.3:4318/", true],
    ["10.0.0.0/99", "https://10.1.2.3/", false],
    ["10.0.0.0/", "https://11.1.2.3/", false],
    ["fd00::/8", "https://[fd00::1]/", true],
    ["[fd00::1]:4318", "https://[fd00::1]:4318/", true],
    ["[fd00::1]:4318", "https://[fd00::1]/", false],
    ["fd00::1", "https://[fe00::1]/", false],
    ["", https, false],
  ])("NO_PROXY %j and %s: exempt is %s", (list, url, isExempt) => {
    expect(originOf({ HTTPS_PROXY: "http://a:1", NO_PROXY: list }, url)).toBe(
      isExempt ? undefined : "http://a:1",
    );
  });

  test.each(["ftp://me:secret@proxy", "http://", "://secret"])(
    "says that %j is ignored, and shows nothing of it",
    (text) => {
      const troubles = troublesOfTest();
      expect(originOf({ HTTPS_PROXY: text })).toBeUndefined();
      expect(troubles.join()).toContain('Cannot use the environment variable HTTPS_PROXY for handler "test"');
      expect(troubles.join()).not.toContain("secret");
    },
  );
});
