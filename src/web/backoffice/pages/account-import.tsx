// One file of accounts: how far its check is, what it would do row by row, and the start of the import; afterwards what became of it.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useHref,
  useLoaderData,
} from 'react-router'
import { cancelAccountImport } from '#flows/accounts/receive-import.ts'
import { startAccountImport } from '#flows/accounts/run-import.ts'
import type { AccountImportId } from '#modules/accounts'
import { browseImportRows, viewAccountImport } from '#views/accounts/account-imports.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { importRowShown, importShown } from '#web/backoffice/import-shown.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Columns, Empty, Facts, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { FilterLinks, List } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Import accounts' }]

const shows = ['wrong', 'warned', 'create', 'change', 'same', 'all'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as AccountImportId
  const found = await viewAccountImport(app.db, actor, { id })
  const { cursor } = askedOf(args.url)
  const show = choiceOf(args.url, 'show', shows) ?? (found.wrongCount > 0 ? 'wrong' : 'all')
  const page = await browseImportRows(app.db, actor, { id, show, cursor, limit: 50 })
  return {
    ...importShown(found),
    show,
    listed: page.items.map(importRowShown),
    nextCursor: page.nextCursor,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const importId = args.params['id'] as AccountImportId
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'discard') {
      await cancelAccountImport(app, actor, { importId })
      return done('/accounts/import', 'The file is discarded; nothing was changed.')
    }
    await startAccountImport(app, actor, { importId })
    return done(`/accounts/import/${importId}`, 'The accounts are being imported. You may leave this page.')
  })
}

type Shown = ReturnType<typeof useLoaderData<typeof loader>>

export default function AccountImportPage() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const isRead = it.state !== 'received' && it.rows > 0
  return (
    <Page
      title={it.fileName}
      lead={
        <span aria-live="polite">
          <State>{it.stateWords}</State>
        </span>
      }
      crumbs={[
        { to: '/accounts', label: 'Accounts' },
        { to: '/accounts/import', label: 'Import' },
      ]}
      actions={<Moves it={it} />}
    >
      <AutoRefresh isOn={it.isMoving} />
      <FormNotice state={state} />
      {it.refusedBecause && (
        <Notice
          tone="danger"
          title={it.rows === 0 ? 'The file was refused as a whole' : 'The import was ended'}
        >
          {it.refusedBecause}
        </Notice>
      )}
      {it.isMoving && <UnderWay it={it} />}
      <Columns
        aside={
          <Card title="This file">
            <Facts facts={it.facts} />
            {it.ignored && <p className="text-muted">Columns that are not read: {it.ignored}.</p>}
          </Card>
        }
      >
        {isRead && it.state !== 'checking' && <Result it={it} />}
        {isRead && <Rows it={it} />}
      </Columns>
    </Page>
  )
}

function Moves({ it }: { it: Shown }) {
  if (it.state === 'done')
    return (
      <LinkButton to="/accounts?sort=-created" tone="plain">
        Newest accounts
      </LinkButton>
    )
  if (it.state !== 'checked') return null
  return (
    <>
      <Form method="post" className="inline-flex">
        <ConfirmButton
          button="Discard"
          tone="plain"
          title="Discard this file?"
          question="Nothing of it is imported. It stays in the list of imports."
          ok="Discard"
          value="discard"
        />
      </Form>
      {it.toImport > 0 && (
        <Form method="post" className="inline-flex">
          <ConfirmButton
            button={it.button}
            title={`${it.button}?`}
            question={
              <>
                <p>{it.question}</p>
                {it.wrong > 0 && (
                  <p className="mt-2 font-medium text-bad">
                    {it.wrong === 1 ? 'One row is wrong and is' : `${it.wrong} rows are wrong and are`} left
                    out.
                  </p>
                )}
                {it.warned > 0 && (
                  <p className="mt-2">
                    {it.warned === 1 ? 'One row looks' : `${it.warned} rows look`} like a company that is
                    there already.
                  </p>
                )}
              </>
            }
            ok="Import"
            value="start"
          />
        </Form>
      )}
    </>
  )
}

function UnderWay({ it }: { it: Shown }) {
  const isImport = it.state === 'importing'
  const label = isImport ? 'Accounts imported' : it.state === 'received' ? 'Reading the file' : 'Rows checked'
  const of = isImport ? it.toImport : it.rows
  return (
    <Card>
      <Progress label={label} done={it.done} {...(of > 0 && { of })} />
      <p className="text-muted">You may leave this page; it goes on.</p>
    </Card>
  )
}

function Result({ it }: { it: Shown }) {
  const file = useHref(`/accounts/import/${it.id}/errors`)
  const isOver = it.state === 'done' || it.state === 'importing'
  return (
    <Section title={isOver ? 'What became of it' : 'What the check found'}>
      <Card>
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {it.counts.map(([name, count]) => (
            <div key={name} className="flex flex-col justify-between">
              <dt className="text-muted">{name}</dt>
              <dd className="text-xl font-semibold tabular-nums">{count}</dd>
            </div>
          ))}
        </dl>
        {it.state === 'checked' && it.warned > 0 && (
          <Notice tone="warning">
            {it.warned === 1
              ? 'One row looks like a company that is there already. It would be imported all the same.'
              : `${it.warned} rows look like companies that are there already. They would be imported all the same.`}
          </Notice>
        )}
        {it.wrong > 0 && (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="min-w-0 flex-1 basis-64 text-muted">
              The error file has the wrong rows in the form of your file, with the reason behind each. Correct
              them there and send it like any other file.
            </p>
            <a className="button" href={file} download>
              Download error file
            </a>
          </div>
        )}
      </Card>
    </Section>
  )
}

function Rows({ it }: { it: Shown }) {
  return (
    <Section title="Rows">
      <FilterLinks
        name="show"
        all={false}
        current={it.show}
        choices={[
          { value: 'wrong', label: 'Wrong' },
          { value: 'warned', label: 'Seem to be there' },
          { value: 'create', label: 'New' },
          { value: 'change', label: 'Changes' },
          { value: 'same', label: 'As they are' },
          { value: 'all', label: 'All' },
        ]}
      />
      <List
        caption="Rows"
        heads={['Line', 'Account', 'What it does', 'Remarks']}
        nextCursor={it.nextCursor}
        empty={<Empty title="No such rows">Choose another kind of rows above.</Empty>}
        rows={it.listed.map((row) => ({
          key: String(row.line),
          cells: [
            row.line,
            <span key="name">
              {row.to ? <Link to={row.to}>{row.name}</Link> : row.name}
              {row.about && <span className="block text-[0.9286em] text-muted">{row.about}</span>}
            </span>,
            <State key="does">{row.does}</State>,
            row.faults.length + row.warnings.length + row.changes.length > 0 && (
              <ul key="said" className="sentence grid gap-1">
                {row.faults.map(({ column, reason }) => (
                  <li key={column}>
                    {column && <span className="font-medium">{column}: </span>}
                    {reason}
                  </li>
                ))}
                {row.changes.map(({ column, before, after }) => (
                  <li key={`${column} changes`}>
                    <span className="text-muted">{column}: </span>
                    {before && <del className="text-muted">{before}</del>}
                    {before && ' → '}
                    {after || <span className="text-muted">empty</span>}
                  </li>
                ))}
                {row.warnings.map((warning) => (
                  <li key={warning} className="text-warn">
                    {warning}
                  </li>
                ))}
              </ul>
            ),
          ],
        }))}
      />
    </Section>
  )
}
