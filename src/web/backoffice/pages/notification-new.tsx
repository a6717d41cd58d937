// A new notification: what it is called, what sends it, and what it begins with. Everything else is written in its editor.
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { createNotification } from '#flows/setup/create-notification.ts'
import { eventLike } from '#modules/notifications'
import { listNotifications } from '#views/setup/notifications.ts'
import { deskOf, formAtDesk } from '#web/backoffice/desk.ts'
import { entityWords, eventChoices } from '#web/backoffice/notification-shown.ts'
import { answerForm, done, textOf } from '#web/forms.ts'
import { Actions, LinkButton, Submit } from '#web/ui/button.tsx'
import { Field, SelectField } from '#web/ui/field.tsx'
import { FormNotice } from '#web/ui/notice.tsx'
import { Card, Page } from '#web/ui/page.tsx'
import { useAnswer } from '../use-answer.ts'

export const meta = () => [{ title: 'New notification' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const all = await listNotifications(app.db, actor)
  const from = all.find(({ code }) => code === args.url.searchParams.get('from'))
  return {
    events: eventChoices(),
    begins: all
      .filter(({ code, event }) => event ?? eventLike(code))
      .map(({ code, name, entity }) => ({ value: code, label: `${entityWords[entity]}: ${name}` })),
    from: from?.code ?? '',
    name: from ? `Copy of ${from.name}` : '',
    event: from ? (from.event ?? eventLike(from.code) ?? '') : '',
  }
}

export async function action(args: ActionFunctionArgs) {
  const { app, actor, form } = await formAtDesk(args)
  return answerForm(form, async () => {
    const made = await createNotification(app, actor, {
      name: textOf(form, 'name'),
      event: textOf(form, 'event'),
      from: textOf(form, 'from') || undefined,
    })
    return done(
      `/setup/notifications/${made.code}`,
      `"${made.name}" is there. It is not active yet: write its text, preview it, then activate it.`,
    )
  })
}

export default function NewNotification() {
  const { events, begins, from, name, event } = useLoaderData<typeof loader>()
  const { state } = useAnswer()
  return (
    <Page
      title="New notification"
      lead="A mail of your own, sent once for each record when something happens to it"
      crumbs={[{ to: '/setup/notifications', label: 'Customer Notifications' }]}
    >
      <FormNotice state={state} />
      <Form method="post" className="grid max-w-2xl gap-5" key={from}>
        <Card title="Notification">
          <Field
            label="Name"
            name="name"
            defaultValue={name}
            maxLength={80}
            hint="For you and the mail log; customers do not see it."
            state={state}
          />
          <SelectField
            label="It is sent when"
            name="event"
            placeholder="Choose…"
            defaultValue={event}
            options={events}
            hint="This stays; everything else can be changed later."
            state={state}
          />
          <SelectField
            label="Begin with the words of"
            name="from"
            isOptional
            placeholder="A few words to begin with"
            defaultValue={from}
            options={begins}
            state={state}
          />
        </Card>
        <Actions>
          <Submit>Create</Submit>
          <LinkButton to="/setup/notifications" tone="quiet">
            Not now
          </LinkButton>
        </Actions>
      </Form>
    </Page>
  )
}
