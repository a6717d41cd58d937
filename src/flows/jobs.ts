// Every job there is: what a worker does and what a database's queues are made for.
import type { AnyJob } from '#platform/jobs.ts'
import { checkAccountImport } from './accounts/check-import.ts'
import { readAccountImport, tidyImports } from './accounts/receive-import.ts'
import { importAccounts } from './accounts/run-import.ts'
import { synchronizeAccount } from './accounts/synchronize-account.ts'
import { refreshPlans } from './catalogue/refresh-plans.ts'
import { syncCatalogue } from './catalogue/sync-catalogue.ts'
import { billOrder } from './invoicing/bill-order.ts'
import { billingRun } from './invoicing/billing-run.ts'
import { settleOrder } from './invoicing/settle-order.ts'
import { sumSales } from './invoicing/sum-sales.ts'
import { runBulkAction, tidyBulkActions } from './lists/bulk-action.ts'
import { tidyExports, writeExport } from './lists/export-list.ts'
import { mailEvent } from './notifying/mail-event.ts'
import { mailExisting } from './notifying/mail-existing.ts'
import { sendPaymentReminders } from './notifying/payment-reminders.ts'
import { sendMail, sendMails } from './notifying/send-mail.ts'
import { tellUnpriced } from './ordering/tell-of-unpriced.ts'
import { fetchAllPriceSheets, fetchPriceSheet } from './price-sheets/fetch-sheets.ts'
import { readSheet } from './price-sheets/receive-sheet.ts'
import { simulateSheet } from './price-sheets/simulate-sheet.ts'
import { checkAllTokens, checkToken } from './provisioning/check-token.ts'
import { prepareOrder } from './provisioning/prepare-order.ts'
import { provisionLicence } from './provisioning/provision-licence.ts'
import { provisionSubscription } from './provisioning/provision-subscription.ts'
import { returnLicence } from './provisioning/return-licence.ts'
import { cancelAtVendor } from './subscriptions/cancel-subscription.ts'
import { followSubscription, followSubscriptions } from './subscriptions/follow-subscription.ts'
import { sendRenewalNotice, sendRenewalNotices } from './subscriptions/renewal-notices.ts'
import { tellAutoRenew } from './subscriptions/set-auto-renew.ts'
import { tidySignIns } from './users/tidy-sign-ins.ts'
import { deliverWebhook, tidyWebhooks } from './webhooks/deliver-webhook.ts'

export const allJobs: readonly AnyJob[] = [
  prepareOrder,
  provisionLicence,
  settleOrder,
  sendMail,
  sendMails,
  synchronizeAccount,
  returnLicence,
  checkToken,
  checkAllTokens,
  syncCatalogue,
  refreshPlans,
  readSheet,
  simulateSheet,
  tidySignIns,
  provisionSubscription,
  cancelAtVendor,
  tellAutoRenew,
  billingRun,
  billOrder,
  sumSales,
  followSubscriptions,
  followSubscription,
  sendRenewalNotices,
  sendRenewalNotice,
  tellUnpriced,
  sendPaymentReminders,
  mailExisting,
  mailEvent,
  writeExport,
  tidyExports,
  tidyImports,
  runBulkAction,
  tidyBulkActions,
  fetchPriceSheet,
  fetchAllPriceSheets,
  readAccountImport,
  checkAccountImport,
  importAccounts,
  deliverWebhook,
  tidyWebhooks,
]
