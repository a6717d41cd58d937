// What a notification would look like, with the values of a real licence or with samples; and a test mail of it. A key is
// never shown here: real licences appear with their masked one.
import { invalid } from '#kernel/failure.ts'
import { type AssetId, newId } from '#kernel/ids.ts'
import { isEmailAddress } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { findAssetByNumber } from '#modules/assets'
import { loadLegalEntity } from '#modules/invoicing'
import { type RenderedMail, renderNotification, sampleValues, variablesOf } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { mailLook, mailValues } from '../notifying/mail-values.ts'

export type Draft = {
  readonly code: string
  readonly subject: string
  readonly body: string
  /** Whose values; samples where nothing is named. */
  readonly assetId?: AssetId | undefined
}
