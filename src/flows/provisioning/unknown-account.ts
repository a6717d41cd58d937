// The code of a failure because the vendor does not know the account: why it does not, where that is something the buyer is told of and can
// mend, else that it does not.
import type { SyncStatus } from '#modules/accounts'
import { isTold } from '#modules/failures'

export function unknownAccountCode(status: Pick<SyncStatus, 'state' | 'reasonCode'> | undefined): string {
  return status?.state === 'failed' && isTold(status.reasonCode)
    ? status.reasonCode
    : 'account/not-synchronized'
}
