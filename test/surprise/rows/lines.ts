/** Parts of what the user is told. */
export const takenOver = "it is taken over, and nothing is sent";
export const anotherResource = "another resource has pushed the same message to the same audience for the same time";
export const notKnown = "the service has another push of this resource";
export const withdrawnAlready = "the same task is there already, and it was withdrawn";
export const corrected = "is cancelled and pushed anew for";
export const overriddenAtOnce = "is overridden at once through its collapse_id";
export const lateOverride = "it was sent, and an override would be a new notification for the whole audience";
export const beingDelivered = "it is being delivered until 2027-02-05 10:00 (UTC+8)";
export const notByThisStack = "it was withdrawn, and not by this stack";
export const past = (at: string): string => `its send time ${at} (UTC+8) is past`;
export const settles = "an earlier run did not finish with it; pulumi up finds out what it did, and settles it";
