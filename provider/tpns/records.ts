import type { Caller } from "./caller.ts";
import { checked } from "./checked.ts";
import { PushApiError, PushConnectionError, pushIdUnknown } from "./errors.ts";
import { GetPushRecordRequest, ListPushRecordsRequest, type PushRecord, PushRecordReply } from "./schema/record.ts";

const path = "/v3/statistics/get_push_record";

/** One page of the record list. */
export interface PushRecordPage {
  /** Of all rows that match, on every page. */
  readonly count: number;
  readonly records: PushRecord[];
}

/** An unknown push is the one refusal that means absence. */
function absent(error: unknown): PushRecordReply {
  if (error instanceof PushApiError && error.retCode === pushIdUnknown) return { pushRecordData: [] };
  throw error;
}

/** undefined only where the service says that there is none. */
export async function getPushRecord(caller: Caller, name: string, pushId: string): Promise<PushRecord | undefined> {
  const action = `query task "${name}"`;
  const body = checked(action, GetPushRecordRequest, { pushId });
  const { pushRecordData } = await caller.query(action, path, body, PushRecordReply).catch(absent);
  const [record] = pushRecordData;
  if (record === undefined || record.pushId === body.pushId) return record;
  throw new PushConnectionError(action, `the answer is of push ${record.pushId}, not of ${body.pushId}`);
}

/** One page. */
export async function listPushRecords(caller: Caller, query: ListPushRecordsRequest): Promise<PushRecordPage> {
  const action = "list push records";
  const body = checked(action, ListPushRecordsRequest, query);
  const { count, pushRecordData } = await caller.query(action, path, body, PushRecordReply);
  return { count: count ?? pushRecordData.length, records: pushRecordData };
}
