// A thread of the application logs ten records and ends.
import { getLogger } from "../../../src/index.ts";

const logger = getLogger("thread");
for (let i = 0; i < 10; i++) logger.info("record {i}", { i });
