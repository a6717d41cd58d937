// One's own API keys. A key is shown once, in the answer to its making, and never kept by the browser's history.
import { type ActionFunctionArgs, data, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createApiKey, revokeApiKey } from '#flows/users/api-keys.ts'
import { invalid } from '#kernel/failure.ts'
import { sellersToday } from '#views/pricing/today.ts'
import { listApiKeys } from '#views/users/list-api-keys.ts'
import { askedOf, deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { rightGroups, rightWords } from '#web/backoffice/roles-shown.ts'
import { momentDisplay } from '#web/format.ts'
import { answerForm, done, textOf, textsOf } from '#web/forms.ts'
import { Actions, LinkButton, PostButton, Submit } from '#web/ui/button.tsx'
import { KeyText } from '#web/ui/copy-button.tsx'
import { Field, RadioGroup } from '#web/ui/field.tsx'
import { FormNotice, Notice } from '#web/ui/notice.tsx'
import { Card, Empty, FieldGrid, Page } from '#web/ui/page.tsx'
import { List } from '#web/ui/table.tsx'
import { State } from '../parts/state.tsx'
import { Ticks } from '../parts/ticks.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'API keys' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const [{ items, nextCursor }, today] = await Promise.all([
    listApiKeys(app.db, actor, { cursor: askedOf(args.url).cursor, limit: 25 }),
    sellersToday(app.db, app.now()),
  ])
  return {
    keys: items.map((key) => ({
      id: key.id,
      name: key.name,
      hint: key.hint,
      carries: key.rights ? rightWords(key.rights) : 'All your rights',
      state: key.state,
      used: key.lastUsedAt ? momentDisplay(key.lastUsedAt) : 'never',
      expires: key.expiresAt ? momentDisplay(key.expiresAt) : 'never',
      revokedBy: key.revokedBy ?? '',
    })),
    nextCursor,
    tomorrow: today.add({ days: 1 }).toString(),
    groups: rightGroups
      .map(({ group, rights }) => ({
        group,
        rights: rights.filter(({ code }) => actor.rights.has(code as never)),
      }))
      .filter(({ rights }) => rights.length > 0),
    maySeeAll: actor.rights.has('manage-users'),
  }
}

/** The end of a day in UTC, as the field of the form names it. */
function endOf(day: string): Temporal.Instant | undefined {
  if (day === '') return undefined
  try {
    return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime('UTC').toInstant()
  } catch {
    throw invalid({ pointer: '/expiresAt', code: 'not-a-day', message: 'Give a day such as 2027-11-30.' })
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    if (textOf(form, 'intent') === 'revoke') {
      await revokeApiKey(app, actor, { id: textOf(form, 'id') as never })
      return done('/setup/api-keys', 'The key is revoked: it opens nothing any more.')
    }
    const { key, token } = await createApiKey(app, actor, {
      name: textOf(form, 'name'),
      rights: textOf(form, 'carries') === 'some' ? textsOf(form, 'rights') : undefined,
      expiresAt: endOf(textOf(form, 'expiresAt')),
    })
    return data({ made: { name: key.name, token } }, { headers: { 'cache-control': 'no-store' } })
  })
}

export default function ApiKeys() {
  const { keys, nextCursor, groups, tomorrow, maySeeAll } = useLoaderData<typeof loader>()
  const { state, more } = useAnswer<{ made?: { name: string; token: string } }>()
  return (
    <Page
      title="API keys"
      lead="A program that holds a key of yours may do what you may do, or only what the key carries."
      actions={
        maySeeAll && (
          <LinkButton to="/setup/api-keys/everybody" tone="plain">
            Keys of everybody
          </LinkButton>
        )
      }
    >
      <FormNotice state={state} />
      {more?.made && (
        <Notice tone="success" isAlert title={`The key “${more.made.name}” is made. Copy it now:`}>
          <KeyText text={more.made.token} />
          <p>It is shown this once. Only a print of it is kept.</p>
        </Notice>
      )}
      <List
        caption="Your API keys"
        heads={['Name', 'Carries', 'State', 'Last used', 'Expires', '']}
        nextCursor={nextCursor}
        empty={
          <Empty title="You have no API keys">
            Make one for each program, so that each can be revoked alone.
          </Empty>
        }
        rows={keys.map((key) => ({
          key: key.id,
          cells: [
            <>
              {key.name} <code className="text-[0.9286em] text-muted">…{key.hint}</code>
            </>,
            key.carries,
            <>
              <State>{key.state}</State>
              {key.revokedBy && (
                <span className="mt-1 block text-[0.9286em] text-muted">by {key.revokedBy}</span>
              )}
            </>,
            key.used,
            key.expires,
            key.state === 'active' && (
              <PostButton
                key="r"
                intent="revoke"
                fields={{ id: key.id }}
                size="small"
                aria-label={`Revoke ${key.name}`}
              >
                Revoke
              </PostButton>
            ),
          ],
        }))}
      />
      <Card title="Make a key">
        <Form key={keys.length} method="post" className="grid gap-5">
          <FieldGrid>
            <Field
              label="Name"
              name="name"
              required
              maxLength={80}
              autoComplete="off"
              hint="What uses it, for example ERP connector."
              state={state}
            />
            <Field
              label="Last day"
              name="expiresAt"
              type="date"
              min={tomorrow}
              isOptional
              hint="Left blank, it works until it is revoked."
              state={state}
            />
          </FieldGrid>
          <RadioGroup
            label="Carries"
            name="carries"
            defaultValue={typeof state?.values['carries'] === 'string' ? state.values['carries'] : 'some'}
            choices={[
              {
                value: 'some',
                label: 'Only these rights',
                hint: 'Least is best: tick what the program needs.',
              },
              { value: 'all', label: 'All my rights', hint: 'Whatever they become.' },
            ]}
          />
          {state?.errors['rights'] && <p className="font-medium text-bad">{state.errors['rights']}</p>}
          <div className="grid gap-x-8 gap-y-6 md:grid-cols-2 xl:grid-cols-3">
            {groups.map(({ group, rights }) => (
              <Ticks
                key={group}
                legend={group}
                name="rights"
                choices={rights.map(({ code, label, about }) => ({ value: code, label, about }))}
                chosen={[]}
                state={state && { ...state, errors: {} }}
              />
            ))}
          </div>
          <Actions>
            <Submit name="intent" value="make">
              Make key
            </Submit>
          </Actions>
        </Form>
      </Card>
    </Page>
  )
}
