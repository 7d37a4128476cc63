// A library warns; the application has configured nothing. With "null" the library has given its logger a null handler.
import { FemtoNullHandler, getLogger } from "../../../src/index.ts";

const logger = getLogger("library");
if (process.argv[2] === "null") logger.addHandler(new FemtoNullHandler());
logger.warn("nobody has asked for this");
