// One action on every row of a list: how far it is, and what became of each row.
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  useHref,
  useLoaderData,
} from 'react-router'
import { cancelBulkAction } from '#flows/lists/bulk-action.ts'
import type { BulkActionId } from '#modules/lists'
import { browseBulkRows, outcomeWords, viewBulkAction } from '#views/lists/bulk-actions.ts'
import { bulkShown } from '#web/backoffice/bulk-shown.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { answerForm, done } from '#web/forms.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/dialog.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, Page, Section } from '#web/ui/page.tsx'
import { AutoRefresh, Progress } from '#web/ui/progress.tsx'
import { FilterLinks, List } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'Bulk action' }]

const shows = ['all', 'done', 'skipped', 'failed', 'waiting'] as const

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const id = args.params['id'] as BulkActionId
  const { cursor } = askedOf(args.url)
  const show = choiceOf(args.url, 'show', shows) ?? 'all'
  const [found, page] = await Promise.all([
    viewBulkAction(app.db, actor, { id }),
    browseBulkRows(app.db, actor, { id, show, cursor, limit: 50 }),
  ])
  return {
    ...bulkShown(found),
    show,
    listed: page.items.map(({ position, name, path, outcome, words }) => ({
      position,
      name,
      path,
      outcome: outcomeWords[outcome ?? 'waiting'],
      words,
    })),
    nextCursor: page.nextCursor,
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  const bulkActionId = args.params['id'] as BulkActionId
  return answerForm(form, async () => {
    await cancelBulkAction(app, actor, { bulkActionId })
    return done(`/bulk-actions/${bulkActionId}`, 'Cancelled. What was done until then stays.')
  })
}

export default function BulkActionPage() {
  const it = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const report = useHref(`/bulk-actions/${it.id}/report`)
  return (
    <Page
      title={it.title}
      lead={
        <span aria-live="polite">
          <State>{it.state}</State>
        </span>
      }
      crumbs={[{ to: '/bulk-actions', label: 'Bulk actions' }]}
      actions={
        <>
          <a className="button" href={report} download>
            Report as CSV
          </a>
          <LinkButton to={it.path} tone="plain">
            The list as it was narrowed
          </LinkButton>
          {it.isRunning && (
            <Form method="post" className="inline-flex">
              <ConfirmButton
                button="Cancel the rest"
                tone="danger"
                title="Cancel what is not done yet?"
                question="Rows that are done stay done; the others are left as they are."
                ok="Cancel the rest"
                value="cancel"
              />
            </Form>
          )}
        </>
      }
    >
      <AutoRefresh isOn={it.isRunning} />
      <FormNotice state={state} />
      {it.problem && (
        <Notice tone="danger" title="It was stopped">
          {it.problem}
        </Notice>
      )}
      <Card>
        {it.isRunning && (
          <>
            <Progress label="Rows done" done={it.through} of={it.rows} />
            <p className="text-muted">You may leave this page; it goes on.</p>
          </>
        )}
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-5">
          {it.counts.map(([name, count]) => (
            <div key={name} className="flex flex-col justify-between">
              <dt className="text-muted">{name}</dt>
              <dd className="text-xl font-semibold tabular-nums">{count}</dd>
            </div>
          ))}
        </dl>
        <p className="text-muted">
          Asked for on {it.asked}
          {it.ended && `, ended ${it.ended}`}.
        </p>
      </Card>
      <Section title="Rows">
        <FilterLinks
          name="show"
          all={false}
          current={it.show}
          choices={[
            { value: 'all', label: 'All' },
            { value: 'done', label: 'Done' },
            { value: 'skipped', label: 'Skipped' },
            { value: 'failed', label: 'Failed' },
            { value: 'waiting', label: 'Not done' },
          ]}
        />
        <List
          caption="Rows"
          heads={['Row', 'Outcome', 'Why']}
          rows={it.listed.map(({ position, name, path, outcome, words }) => ({
            key: String(position),
            cells: [
              path ? (
                <Link key="n" to={path}>
                  {name}
                </Link>
              ) : (
                name
              ),
              <State key="o">{outcome}</State>,
              words,
            ],
          }))}
          nextCursor={it.nextCursor}
          empty={<Empty title="No such rows">None of the rows stands like this.</Empty>}
        />
      </Section>
    </Page>
  )
}
