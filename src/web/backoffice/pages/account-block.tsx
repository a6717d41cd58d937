// Blocking an account: what it means, what waits for it, and why. Its own page, so that nobody blocks a company by one click.
import { type ActionFunctionArgs, Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { blockAccount, unblockAccount } from '#flows/accounts/block-account.ts'
import { BLOCK_REASON_MOST } from '#modules/accounts'
import { assertMay } from '#modules/users'
import { viewBlock } from '#views/accounts/view-block.ts'
import { leadOn } from '#web/backoffice/account-doubles.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, Button, LinkButton } from '#web/ui/button.tsx'
import { TextArea } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Block an account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-accounts')
  const { account, block, waitingOrders, people } = await viewBlock(app.db, actor, args.params['id'] as never)
  leadOn(account)
  return {
    id: account.id,
    name: account.name,
    isReseller: account.kind === 'reseller',
    isBlocked: account.state === 'blocked',
    reason: block?.reason ?? '',
    most: BLOCK_REASON_MOST,
    waitingOrders,
    people,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const accountId = args.params['id'] as never
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'unblock') {
      const { name } = await unblockAccount(app, actor, { accountId })
      return done(`/accounts/${accountId}`, `${name} is unblocked.`)
    }
    const { name } = await blockAccount(app, actor, { accountId, reason: textOf(form, 'reason') })
    return done(`/accounts/${accountId}`, `${name} is blocked.`)
  })
}

export default function AccountBlock() {
  const account = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const { people, waitingOrders } = account
  const whose = account.isReseller ? 'of the reseller and its customers' : 'of it'
  return (
    <Page
      title={account.isBlocked ? `Why ${account.name} is blocked` : `Block ${account.name}`}
      crumbs={[
        { to: '/accounts', label: 'Accounts' },
        { to: `/accounts/${account.id}`, label: account.name },
      ]}
      isNarrow
    >
      <FormNotice state={state} />
      <Card title="While it is blocked">
        <ul className="grid list-disc gap-1.5 pl-5">
          <li>
            {people === 0
              ? `Nobody ${whose} can sign in or order.`
              : `${people === 1 ? 'One person' : `${people} people`} ${whose} ${people === 1 ? 'is' : 'are'} signed out and cannot sign in or order; API keys stop working.`}
          </li>
          <li>Nothing can be ordered on its behalf either.</li>
          <li>
            {waitingOrders === 0 ? (
              'No order waits for it.'
            ) : (
              <>
                <Link
                  to={`/orders?account=${account.id}&filter=waiting`}
                  className="text-brand-text underline underline-offset-3"
                >
                  {waitingOrders === 1 ? 'One order waits' : `${waitingOrders} orders wait`}
                </Link>{' '}
                and cannot be executed until it is unblocked; cancelling is possible.
              </>
            )}
          </li>
          <li>What runs goes on: licences, subscriptions and their renewals, invoices and payments.</li>
        </ul>
      </Card>
      <Card title="Reason">
        <Form method="post" className="grid gap-4">
          <TextArea
            label="Why is it blocked?"
            name="reason"
            rows={3}
            required
            maxLength={account.most}
            defaultValue={account.reason}
            hint="For colleagues: it stands on the account and in its history. The account never sees it."
            state={state}
          />
          <Actions>
            <Button name="intent" value="block" tone={account.isBlocked ? 'primary' : 'danger'}>
              {account.isBlocked ? 'Save reason' : 'Block account'}
            </Button>
            <LinkButton to={`/accounts/${account.id}`} tone="quiet">
              Not now
            </LinkButton>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
