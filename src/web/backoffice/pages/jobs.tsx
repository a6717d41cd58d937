import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { retryJob } from '#flows/setup/retry-job.ts'
import { jobStates, listJobs } from '#views/setup/list-jobs.ts'
import { askedOf, choiceOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { PostButton } from '#web/ui/button.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'
import { useAnswer } from '../use-answer.ts'

const stateWords = {
  created: 'Waiting',
  retry: 'Trying again',
  active: 'Running',
  completed: 'Completed',
  cancelled: 'Cancelled',
  failed: 'Failed',
} as const

export const meta = () => [{ title: 'Jobs' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const state = choiceOf(args.url, 'state', jobStates)
  const { q: queue, cursor } = askedOf(args.url)
  const list = await listJobs(app.db, actor, { state, queue, cursor })
  const rows = list.items.map((job) => ({
    id: job.id,
    queue: job.queue,
    state: job.state,
    tries: `${job.retryCount} of ${job.retryLimit}`,
    created: momentDisplay(job.createdOn, 'en', { seconds: true }),
    next:
      job.state === 'created' || job.state === 'retry'
        ? momentDisplay(job.startAfter, 'en', { seconds: true })
        : '',
    error: job.error ?? '',
  }))
  return {
    rows,
    nextCursor: list.nextCursor,
    counts: list.counts,
    states: [...jobStates],
    mayRetry: actor.rights.has('manage-jobs'),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    await retryJob(app, actor, { queue: textOf(form, 'queue'), id: textOf(form, 'id') })
    return done('/jobs', 'The job is queued again.')
  })
}

export default function Jobs() {
  const { states, rows, nextCursor, counts, mayRetry } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  const many = (name: string) => counts.find((each) => each.state === name)?.count ?? 0
  return (
    <Page title="Jobs" lead="What is done behind the pages: keys, mails, invoices, synchronizations">
      <FormNotice state={state} />
      <Toolbar>
        <SearchForm label="Search jobs by queue" placeholder="Queue, for example send-mail" />
        <FilterLinks
          name="state"
          choices={states.map((each) => ({ value: each, label: `${stateWords[each]} ${many(each)}` }))}
        />
      </Toolbar>
      <List
        caption="Jobs"
        heads={['Queue', 'State', 'Retries', 'Created', 'Next run', 'Last error', '']}
        empty={<NothingFound title="No jobs yet">Jobs appear here with the first order.</NothingFound>}
        nextCursor={nextCursor}
        rows={rows.map((job) => ({
          key: job.id,
          cells: [
            job.queue,
            <State key="s">{job.state}</State>,
            job.tries,
            job.created,
            job.next,
            job.error && <span className="text-bad">{job.error}</span>,
            mayRetry && job.state === 'failed' && (
              <PostButton
                key="r"
                intent="retry"
                size="small"
                fields={{ queue: job.queue, id: job.id }}
                aria-label={`Retry ${job.queue}`}
              >
                Retry
              </PostButton>
            ),
          ],
        }))}
      />
    </Page>
  )
}
