import { expect, test } from "vitest";

import { judgeFault } from "../../../exporters/http-client/verdict.ts";

test("judgeFault() says in words that the peer does not speak TLS", () => {
  const code = "ERR_SSL_WRONG_VERSION_NUMBER";
  const cause = Object.assign(
    new Error("C0F6:error:0A00010B:SSL routines:wrong version number:tlsany_meth.c"),
    {
      code,
    },
  );
  const { detail } = judgeFault({ code, cause, isRequestSent: false }, "no HTTP");
  expect(detail).toBe(`the peer does not speak TLS (${code}): must "url" begin with http://?`);
});
