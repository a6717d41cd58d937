// People of an account whom one turns to; they do not sign in.
import { z } from 'zod'
import { addContact, changeContact, removeContact } from '#flows/accounts/manage-contacts.ts'
import type { App } from '#flows/app.ts'
import { type AccountId, asId } from '#kernel/ids.ts'
import { CONTACTS_MOST, type ContactId, contactRoles } from '#modules/accounts'
import { type ListedContact, listContacts, viewContact } from '#views/accounts/list-contacts.ts'
import { actorIn } from './auth.ts'
import type { Api } from './fastify.ts'
import { answerOnce } from './idempotency.ts'
import { Id, IdParams, ListQuery, listOf, Moment, momentOf, pageOfShort } from './schemas.ts'

const tags = ['Accounts']

const role = z
  .enum(contactRoles)
  .describe('About what one turns to them: `billing`, `technical`, or `general` for everything else.')

const ContactBody = z
  .object({
    id: Id,
    accountId: Id,
    role,
    name: z.string(),
    email: z.string(),
    phone: z.string().describe('E.164, or empty.'),
    getsKeyMails: z
      .boolean()
      .describe('Their address gets a copy of every key mail: it is among `copyKeyMailsTo` of the account.'),
    createdAt: Moment,
    updatedAt: Moment,
  })
  .meta({ id: 'Contact', description: 'Somebody of an account who does not sign in.' })

const contactBody = (contact: ListedContact): z.infer<typeof ContactBody> => ({
  ...contact,
  createdAt: momentOf(contact.createdAt),
  updatedAt: momentOf(contact.updatedAt),
})

const line = z.string().max(500)
const fields = {
  name: line,
  email: line,
  phone: line.optional().describe('A national or an international number.'),
  getsKeyMails: z
    .boolean()
    .optional()
    .describe('For the seller: adds their address to `copyKeyMailsTo` of the account, or takes it away.'),
}
const NewContact = z.strictObject({ role, ...fields }).meta({
  id: 'NewContact',
  examples: [{ role: 'billing', name: 'Bo Berg', email: 'invoices@customer.example', phone: '030 555 0100' }],
})
const ContactChange = z
  .strictObject({ role: role.optional(), ...fields, name: line.optional(), email: line.optional() })
  .meta({ id: 'ContactChange', examples: [{ phone: '' }] })

export function contactRoutes(api: Api, app: App): void {
  const accountIn = ({ id }: { id: string }) => asId<AccountId>(id, 'account')
  const ContactParams = IdParams.extend({ contactId: Id })
  const contactIn = (params: { id: string; contactId: string }) => ({
    accountId: accountIn(params),
    id: asId<ContactId>(params.contactId, 'contact'),
  })

  api.get(
    '/accounts/:id/contacts',
    {
      schema: {
        tags,
        summary: 'List the contacts of an account',
        description: `By name, ${CONTACTS_MOST} at most: people one turns to who do not sign in. Those who do are at \`/users\`.`,
        params: IdParams,
        querystring: ListQuery,
        response: { 200: listOf(ContactBody, 'ContactList') },
      },
    },
    async (request) => {
      const contacts = await listContacts(app.db, actorIn(request), { accountId: accountIn(request.params) })
      return pageOfShort(
        contacts,
        ({ name, id }) => `${name.toLowerCase()} ${id}`,
        request.query,
        contactBody,
      )
    },
  )

  api.post(
    '/accounts/:id/contacts',
    {
      schema: {
        tags,
        summary: 'Add a contact to an account',
        description:
          'For the seller, an administrator of the company itself, or a reseller for its customers. One e-mail is there once for each role.',
        params: IdParams,
        body: NewContact,
        response: { 201: ContactBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => {
        const accountId = accountIn(request.params)
        const contact = await addContact(inside, actorIn(request), { ...request.body, accountId })
        return { status: 201, body: contactBody(contact) }
      }),
  )

  api.get(
    '/accounts/:id/contacts/:contactId',
    {
      schema: {
        tags,
        summary: 'Read a contact',
        description: 'For whoever sees its account.',
        params: ContactParams,
        response: { 200: ContactBody },
      },
    },
    async (request) => contactBody(await viewContact(app.db, actorIn(request), contactIn(request.params))),
  )

  api.patch(
    '/accounts/:id/contacts/:contactId',
    {
      schema: {
        tags,
        summary: 'Change a contact',
        description:
          'Fields left out stay as they are. Where they get copies of key mails, the copies follow their e-mail; only the seller changes that.',
        params: ContactParams,
        body: ContactChange,
        response: { 200: ContactBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => ({
        body: contactBody(
          await changeContact(inside, actorIn(request), { ...request.body, ...contactIn(request.params) }),
        ),
      })),
  )

  api.delete(
    '/accounts/:id/contacts/:contactId',
    {
      schema: {
        tags,
        summary: 'Remove a contact',
        description:
          'Their address gets no copies of key mails any more, unless another contact of the account has it. Answers the contact as it was.',
        params: ContactParams,
        response: { 200: ContactBody },
      },
    },
    (request, reply) =>
      answerOnce(app, request, reply, async (inside) => ({
        body: contactBody(await removeContact(inside, actorIn(request), contactIn(request.params))),
      })),
  )
}
