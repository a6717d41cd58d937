import { type ActionFunctionArgs, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router'
import { retryJob } from '#flows/setup/retry-job.ts'
import { jobStates, listJobs } from '#views/setup/list-jobs.ts'
import {
  answer,
  askedOf,
  choiceOf,
  deskOf,
  done,
  type FormState,
  shown,
  textOf,
} from '#web/backoffice/pages/shared/desk.ts'
import { momentDisplay } from '#web/format.ts'
import { Act, FormNotice, List, Page, Search, State } from './shared/kit.tsx'

export const meta = () => [{ title: 'Jobs' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const state = choiceOf(args.url, 'state', jobStates)
  const { q: queue, cursor } = askedOf(args.url)
  const list = await shown(listJobs(app.db, actor, { state, queue, cursor }))
  const rows = list.items.map((job) => ({
    id: job.id,
    queue: job.queue,
    state: job.state,
    tries: `${job.retryCount} of ${job.retryLimit}`,
    created: momentDisplay(job.createdOn, 'en', { seconds: true }),
    next:
      job.state === 'created' || job.state === 'retry'
        ? momentDisplay(job.startAfter, 'en', { seconds: true })
        : '–',
    error: job.error ?? '',
  }))
  return {
    rows,
    nextCursor: list.nextCursor,
    counts: list.counts,
    states: [...jobStates],
    state: state ?? '',
    queue,
    mayRetry: actor.rights.has('manage-jobs'),
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor } = deskOf(args)
  const form = await args.request.formData()
  return answer(form, async () => {
    await retryJob(app, actor, { queue: textOf(form, 'queue'), id: textOf(form, 'id') })
    return done('/jobs', 'The job is queued again.')
  })
}

export default function Jobs() {
  const { states, rows, nextCursor, counts, state, queue, mayRetry } = useLoaderData<typeof loader>()
  const refused = useActionData() as FormState | undefined
  return (
    <Page title="Jobs" lead={counts.map((each) => `${each.state}: ${each.count}`).join(' · ')}>
      <FormNotice state={refused} />
      <Search
        q={queue}
        label="Queue"
        filters={[
          {
            name: 'state',
            label: 'State',
            value: state,
            options: [['', 'All'], ...states.map((each) => [each, each] as const)],
          },
        ]}
      />
      <List
        caption="Jobs"
        columns={['Queue', 'State', 'Retries', 'Created', 'Next run', 'Last error', 'Action']}
        empty="No jobs match."
        nextCursor={nextCursor}
        rows={rows.map((job) => ({
          key: job.id,
          cells: [
            job.queue,
            <State key="s">{job.state}</State>,
            job.tries,
            job.created,
            job.next,
            job.error,
            mayRetry && job.state === 'failed' ? (
              <Act key="r" intent="retry" fields={{ queue: job.queue, id: job.id }}>
                Retry
              </Act>
            ) : (
              ''
            ),
          ],
        }))}
      />
    </Page>
  )
}
