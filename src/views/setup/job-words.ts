// Kinds of jobs in the words of operators, in the order they are offered. flows/jobs.ts says what each does; a test compares the two.
export const jobWords: Readonly<Record<string, string>> = {
  'prepare-order': 'Prepare an order',
  'provision-licence': 'Provision a licence',
  'provision-subscription': 'Provision a subscription',
  'settle-order': 'Invoice an order',
  'send-mail': 'Send an e-mail',
  'send-mails': 'Send e-mails',
  'deliver-webhook': 'Tell a webhook',
  'synchronize-account': 'Synchronize an account',
  'return-licence': 'Return a licence',
  'cancel-subscription': 'Cancel a subscription at the vendor',
  'tell-auto-renew': 'Tell the vendor of automatic renewal',
  'follow-subscriptions': 'Look for subscriptions to follow',
  'follow-subscription': 'Follow a subscription at the vendor',
  'send-renewal-notices': 'Look for renewals to announce',
  'send-renewal-notice': 'Announce a renewal',
  'send-payment-reminders': 'Look for payments and renewals to remind of',
  'mail-event': 'Mail about what happened',
  'mail-existing': 'Mail what was there when a notification was activated',
  'billing-run': 'Billing run',
  'bill-order': 'Invoice an order of a billing run',
  'sum-sales': 'Sum up sales',
  'tell-unpriced': 'Tell of prices that cannot be calculated',
  'sync-catalogue': 'Read a catalogue',
  'refresh-plans': 'Refresh plans',
  'read-price-sheet': 'Read a price sheet',
  'simulate-price-sheet': 'Try out a price sheet',
  'fetch-price-sheet': 'Fetch a price sheet',
  'fetch-price-sheets': 'Look for new price sheets',
  'read-account-import': 'Read a file of accounts',
  'check-account-import': 'Check imported accounts',
  'import-accounts': 'Import accounts',
  'write-export': 'Write an export',
  'bulk-action': 'Bulk action',
  'check-token': 'Check a connection',
  'check-all-tokens': 'Check all connections',
  'tidy-sign-ins': 'Tidy up sign-ins',
  'tidy-exports': 'Tidy up exports',
  'tidy-account-imports': 'Tidy up imports of accounts',
  'tidy-bulk-actions': 'Tidy up bulk actions',
  'tidy-webhooks': 'Tidy up webhooks',
}

/** The kinds whose words or names hold what was typed. */
export function jobsCalled(text: string): string[] {
  const wanted = text.toLowerCase()
  return Object.entries(jobWords)
    .filter(([name, words]) => name.includes(wanted) || words.toLowerCase().includes(wanted))
    .map(([name]) => name)
}
