// An account is merged into another one: which one, what that does, and the word that does it.
import { type ActionFunctionArgs, Form, Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { mergeAccounts } from '#flows/accounts/merge-accounts.ts'
import { assertMay } from '#modules/users'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { viewAccountHead } from '#views/accounts/view-account.ts'
import { listDuplicates, viewMerge } from '#views/accounts/view-merge.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { accountFound, duplicateShown, mergeShown } from '#web/backoffice/merge-shown.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Combobox } from '#web/ui/combobox.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page, Section } from '#web/ui/page.tsx'
import { Table } from '#web/ui/table.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Merge accounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  assertMay(actor, 'manage-accounts')
  const id = args.params['id'] as never
  const { account } = await viewAccountHead(app.db, actor, id)
  const intoId = args.url.searchParams.get('into') ?? ''
  const named = { id: account.id as string, name: account.name, number: account.number }
  if (intoId)
    return {
      account: named,
      merge: mergeShown(
        await viewMerge(app.db, app.connectors, actor, { fromId: id, intoId: intoId as never }),
      ),
    }
  const [duplicates, { items }] = await Promise.all([
    listDuplicates(app.db, actor, { id }),
    listAccounts(app.db, actor, { q: account.name, limit: 10 }),
  ])
  return {
    account: named,
    duplicates: duplicates.map(duplicateShown),
    found: items.filter((each) => each.id !== account.id).map(accountFound),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const fromId = args.params['id'] as never
  return answerForm(form, async () => {
    const into = await mergeAccounts(app, actor, { fromId, intoId: textOf(form, 'into') as never })
    return done(`/accounts/${into.id}`, `The accounts are merged: ${into.name} has everything now.`)
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function AccountMerge() {
  const { account, merge, duplicates, found } = useLoaderData<typeof loader>()
  return (
    <Page
      title={`Merge ${account.name}`}
      lead={`${account.number} is given up, and everything of it belongs to another account afterwards.`}
      crumbs={[
        { to: '/accounts', label: 'Accounts' },
        { to: `/accounts/${account.id}`, label: account.name },
      ]}
      isNarrow
    >
      {merge ? <Preview merge={merge} /> : <Choice duplicates={duplicates ?? []} found={found ?? []} />}
    </Page>
  )
}

function Choice({
  duplicates,
  found,
}: {
  duplicates: NonNullable<Shown['duplicates']>
  found: NonNullable<Shown['found']>
}) {
  return (
    <>
      {duplicates.length > 0 && (
        <Section title="Possible duplicates">
          <Table
            caption="Possible duplicates"
            heads={['Account', 'Why', '']}
            rows={duplicates.map((each) => ({
              key: each.id,
              cells: [
                <span key="n">
                  <Link to={`/accounts/${each.id}`}>{each.name}</Link>
                  <span className="block text-[0.9286em] text-muted">{each.about}</span>
                </span>,
                each.why,
                <LinkButton
                  key="m"
                  to={`?into=${each.id}`}
                  tone="plain"
                  size="small"
                  aria-label={`Merge into ${each.name}`}
                >
                  Merge into it
                </LinkButton>,
              ],
            }))}
          />
        </Section>
      )}
      <Card title="Merge into">
        <Form method="get" className="grid gap-4">
          <Combobox
            label="The account that stays"
            name="into"
            searchPath="/accounts/search"
            found={found}
            required
            hint="By name, number, e-mail or city. You see what the merge would do before anything happens."
          />
          <Actions>
            <Submit>Show what it would do</Submit>
          </Actions>
        </Form>
      </Card>
    </>
  )
}

function Preview({ merge }: { merge: NonNullable<Shown['merge']> }) {
  const { state } = useAnswer()
  const { from, into, obstacles, counts, differences, identities } = merge
  return (
    <>
      <FormNotice state={state} />
      {obstacles.length > 0 && (
        <Notice tone="danger" title="These two cannot be merged">
          <ul className="grid gap-1">
            {obstacles.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="grid items-stretch gap-4 sm:grid-cols-2">
        <Side title="Given up" side={from} />
        <Side title="Stays" side={into} />
      </div>
      <Section title={`What becomes ${into.name}’s`}>
        <Card>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
            {counts.map(([name, count]) => (
              <div key={name} className="flex flex-col justify-between">
                <dt className="text-muted">{name}</dt>
                <dd className="text-xl font-semibold tabular-nums">{count}</dd>
              </div>
            ))}
          </dl>
          <p className="text-muted">
            With what is open of the invoices, mails and notes. Issued invoices keep the name and the address
            they were issued with.
          </p>
        </Card>
      </Section>
      {identities.length > 0 && (
        <Section title="What vendors know">
          <Table
            caption="What vendors know"
            heads={['Application', 'What happens', 'Running subscriptions']}
            numeric={[2]}
            rows={identities.map(({ instance, text, subscriptions }) => ({
              key: instance,
              cells: [instance, text, subscriptions],
            }))}
          />
        </Section>
      )}
      <Section title="Where they differ">
        {differences.length === 0 ? (
          <Empty title="Nowhere">
            What the account that is given up says of itself, the other says as well.
          </Empty>
        ) : (
          <>
            <p className="text-muted">
              What the account that stays says holds. Note down what you want to keep of the other.
            </p>
            <Table
              caption="Where they differ"
              heads={['Field', 'Holds afterwards', 'Is given up']}
              rows={differences.map((each) => ({
                key: each.field,
                cells: [
                  each.field,
                  each.into || (
                    <span key="i" className="text-muted">
                      empty
                    </span>
                  ),
                  <del key="f" className="text-muted">
                    {each.from}
                  </del>,
                ],
              }))}
            />
          </>
        )}
      </Section>
      <Actions>
        {obstacles.length === 0 && (
          <Form method="post" className="inline-flex">
            <input type="hidden" name="into" value={into.id} />
            <ConfirmButton
              button={`Merge into ${into.name}`}
              tone="danger"
              title={`Merge ${from.name} into ${into.name}?`}
              question={`Everything of ${from.number} belongs to ${into.number} afterwards. This cannot be undone.`}
              ok="Merge"
              value="merge"
            />
          </Form>
        )}
        <LinkButton to={`/accounts/${into.id}/merge?into=${from.id}`} tone="plain">
          The other way round
        </LinkButton>
        <LinkButton to={`/accounts/${from.id}/merge`} tone="quiet">
          Choose another account
        </LinkButton>
      </Actions>
    </>
  )
}

function Side({ title, side }: { title: string; side: NonNullable<Shown['merge']>['from'] }) {
  return (
    <Card title={title}>
      <p>
        <Link to={`/accounts/${side.id}`}>{side.name}</Link>
        <span className="block text-muted">{side.about}</span>
      </p>
    </Card>
  )
}
