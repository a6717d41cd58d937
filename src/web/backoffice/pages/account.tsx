// What every tab of an account begins and ends with: its name and state, what can be done, the way to the other tabs; its notes and history.
import { Form, Link, type LoaderFunctionArgs, Outlet, useLoaderData, useLocation } from 'react-router'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { leadOn } from '#web/backoffice/account-doubles.ts'
import { type AccountShown, accountShown } from '#web/backoffice/account-shown.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { recordFoot } from '#web/backoffice/record-foot.ts'
import { Actions, LinkButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { Notice } from '#web/ui/notice.tsx'
import { Page } from '#web/ui/page.tsx'
import { Tabs } from '#web/ui/table.tsx'
import { RecordFoot } from '../parts/record-foot.tsx'
import { State } from '../parts/state.tsx'
import type { AccountHere } from '../use-account.ts'

export async function loader(args: LoaderFunctionArgs): Promise<AccountHere> {
  const { app, actor } = deskOf(args)
  const head = await viewAccountHead(app.db, actor, args.params['id'] as never)
  leadOn(head.account)
  return { ...accountShown(head, actor), foot: await recordFoot(args, 'account', head.account.id) }
}

export default function AccountPage() {
  const account = useLoaderData<typeof loader>()
  const here = useLocation().pathname.replace(/\/$/, '')
  return (
    <Page
      title={account.name}
      lead={
        <span className="flex flex-wrap items-center gap-2">
          {account.number} · {account.kind} <State>{account.state}</State>
          {account.parent && (
            <span>
              of <Link to={`/accounts/${account.parent.id}`}>{account.parent.name}</Link>
            </span>
          )}
        </span>
      }
      actions={
        <>
          {account.isReseller && account.mayManage && (
            <LinkButton to={`/accounts/new?parent=${account.id}`} tone="plain">
              New customer
            </LinkButton>
          )}
          {account.mayManage && (
            <LinkButton to={`/accounts/${account.id}/merge`} tone="plain">
              Merge into…
            </LinkButton>
          )}
          {account.mayManage && account.state !== 'blocked' && (
            <LinkButton to={`/accounts/${account.id}/block`} tone="plain">
              Block…
            </LinkButton>
          )}
          {account.mayOrder && <LinkButton to={`/orders/new?customer=${account.id}`}>New order</LinkButton>}
        </>
      }
    >
      <Blocked account={account} />
      <Tabs label="Of this account" tabs={account.tabs} current={here} />
      <Outlet context={account} />
      {/* The overview has it beside what else it shows. */}
      {here !== `/accounts/${account.id}` && <RecordFoot foot={account.foot} />}
    </Page>
  )
}

/** Why nobody of it can sign in or order, on every tab. */
function Blocked({ account: { id, name, state, block, mayManage } }: { account: AccountShown }) {
  if (state !== 'blocked') return null
  return (
    <Notice tone="danger" title={block ? `Blocked: ${block.reason}` : 'Blocked'}>
      <p className="text-muted">
        {block && `${block.about}. `}Nobody can sign in or order for it; what runs goes on.
      </p>
      {mayManage && (
        <Form method="post" action={`/accounts/${id}/block`} className="mt-1">
          <Actions>
            <ConfirmButton
              button="Unblock"
              tone="plain"
              title={`Unblock ${name}?`}
              question="Its people can sign in and order again, with the passwords they have. Orders that wait can be executed."
              ok="Unblock"
              value="unblock"
            />
            <LinkButton to={`/accounts/${id}/block`} tone="quiet">
              {block ? 'Change the reason' : 'Say why'}
            </LinkButton>
          </Actions>
        </Form>
      )}
    </Notice>
  )
}
