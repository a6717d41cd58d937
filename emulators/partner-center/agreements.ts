// The Microsoft Customer Agreement (partner-center.md 5): confirmed once per contact, before the first purchase.

import { randomUUID } from 'node:crypto'
import { customerOf } from './customers.ts'
import { VendorError } from './errors.ts'
import { guidOf } from './hash.ts'
import { jsonOf } from './http.ts'
import type { Customer } from './records.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, iso, type Route, type World } from './world.ts'

const TYPE = 'MicrosoftCustomerAgreement'
const v1 = '/commerce/v1'

export const agreementRoutes: readonly Route[] = [
  { name: 'agreement-metadata', method: 'GET', path: `${v1}/agreements`, access: 'user', handle: metadata },
  {
    name: 'agreement-document',
    method: 'GET',
    path: `${v1}/agreementtemplates/{template}/document`,
    access: 'user',
    handle: document,
  },
  {
    name: 'direct-signing',
    method: 'GET',
    path: `${v1}/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus`,
    access: 'user',
    handle: directSigning,
  },
  {
    name: 'list-agreements',
    method: 'GET',
    path: `${v1}/customers/{customer}/agreements`,
    access: 'user',
    handle: list,
  },
  {
    name: 'confirm-agreement',
    method: 'POST',
    path: `${v1}/customers/{customer}/agreements`,
    access: 'user',
    handle: confirm,
  },
]

const templateId = (world: World) => guidOf(world.seed, 'agreement-template')
const link = (world: World) => `https://documents.invalid/agreements/${templateId(world)}`

function metadata({ world, call }: Ask): Answer {
  const asked = call.query.get('agreementType') ?? TYPE
  if (asked !== TYPE && asked !== '*') return collection([])
  return collection([
    { templateId: templateId(world), agreementType: TYPE, agreementLink: link(world), versionRank: 1 },
  ])
}

function document({ world, params, now }: Ask): Answer {
  if (params['template'] !== templateId(world))
    throw new VendorError(404, '600010', 'There is no such template.')
  const uri = `${link(world)}?until=${now.getTime() + 300_000}`
  return { status: 200, body: { downloadUri: `${uri}&download=1`, displayUri: uri } }
}

function directSigning(ask: Ask): Answer {
  return { status: 200, body: { isSigned: customerOf(ask).hasSignedAgreement } }
}

function list(ask: Ask): Answer {
  return collection(ask.world.store.list<Json>('agreement', customerOf(ask).id))
}

function confirm(ask: Ask): Answer {
  const { world, call, now } = ask
  const customer = customerOf(ask)
  const given = jsonOf(call)
  const contact: Json = given['primaryContact'] ?? {}
  const refuse = (field: string, text: string) => new VendorError(400, '800002', text, { data: [field] })
  for (const field of ['firstName', 'lastName', 'email'])
    if (!contact[field]) throw refuse(`primaryContact.${field}`, `${field} is missing.`)
  if (given['templateId'] !== templateId(world))
    throw refuse('templateId', 'This is not the template in force.')
  if (given['type'] !== TYPE) throw refuse('type', `type is ${TYPE}.`)
  const agreedAt = Date.parse(String(given['dateAgreed']))
  if (Number.isNaN(agreedAt)) throw refuse('dateAgreed', 'dateAgreed is not a date.')
  if (agreedAt > now.getTime() + 60_000) throw refuse('dateAgreed', 'dateAgreed lies in the future.')
  const same = (other: Json) =>
    JSON.stringify(contactOf(other['primaryContact'])) === JSON.stringify(contactOf(contact))
  if (world.store.list<Json>('agreement', customer.id).some(same))
    throw new VendorError(400, '600061', 'This contact has confirmed the agreement already.', {
      shape: 'commerce-newer',
      errorName: 'PartnerConfirmedAgreementAlreadyExists',
    })
  const agreement = {
    userId: guidOf(world.seed, 'user'),
    primaryContact: contactOf(contact),
    templateId: templateId(world),
    dateAgreed: iso(agreedAt),
    type: TYPE,
    agreementLink: link(world),
  }
  world.store.save('agreement', randomUUID(), agreement, { owner: customer.id })
  return { status: 201, body: agreement }
}

function contactOf(contact: Json): Json {
  const { firstName, lastName, email, phoneNumber } = contact
  return { firstName, lastName, email, ...(phoneNumber ? { phoneNumber } : {}) }
}

export function assertAgreed(world: World, customer: Customer): void {
  if (!customer.hasSignedAgreement && world.store.list('agreement', customer.id).length === 0)
    throw new VendorError(403, '13605', 'The customer has not accepted the Microsoft Customer Agreement.')
}
