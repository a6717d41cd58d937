// Making a company known to Partner Center (partner-center.md 3 to 5): the customer is found or made, its relationship with us is
// there, its reseller is one of ours, and the customer agreement is confirmed. Everything is looked for before it is made.
import { Refusal } from '#kernel/failure.ts'
import type { CustomerAnswer, VendorCustomer } from '#modules/subscriptions'
import { type Api, stepId } from './api.ts'
import { reasonOf } from './reasons.ts'
import { registrationFromVat } from './sync-options.ts'
import * as wire from './wire.ts'

const refused = (code: string, field?: string): CustomerAnswer => ({
  outcome: 'refused',
  ...reasonOf(code),
  field,
})

export async function syncCustomer(api: Api, customer: VendorCustomer): Promise<CustomerAnswer> {
  const domain = (customer.options['domain'] ?? '').trim().toLowerCase()
  if (customer.role === 'Reseller') {
    const reseller = await findReseller(api, customer.options['partnerId'] ?? '')
    if ('outcome' in reseller) return reseller
    // A reseller that buys for itself is a customer too; until it names a tenant it is only known as our reseller.
    if (!domain) return { outcome: 'synchronized', vendorAccountId: reseller.tenantId }
  }
  if (!domain)
    return {
      outcome: 'refused',
      code: 'vendor/domain-missing',
      reason: 'Enter the domain of the customer’s Microsoft tenant.',
      field: 'domain',
    }
  const found = await findCustomer(api, customer, domain)
  if ('outcome' in found) return found
  const agreed = await confirmAgreement(api, customer, found.id)
  return agreed ?? { outcome: 'synchronized', vendorAccountId: found.id }
}

/** A reseller has two ids; its PartnerId is what people know, its tenant is what a customer is tied to. */
async function findReseller(api: Api, partnerId: string): Promise<{ tenantId: string } | CustomerAnswer> {
  if (!/^\d{4,12}$/.test(partnerId.trim()))
    return {
      outcome: 'refused',
      code: 'vendor/partner-id-missing',
      reason: 'Enter the reseller’s PartnerId: the number Microsoft gave it in its partner programme.',
      field: 'partnerId',
    }
  const listed = await api.call({
    method: 'GET',
    path: '/relationships?relationship_type=IsIndirectCloudSolutionProviderOf',
    answer: wire.collection(wire.Reseller),
  })
  if ('refused' in listed) return refused(listed.refused)
  const reseller = listed.said.items.find((each) => each.mpnId === partnerId.trim())
  if (!reseller) return refused('800016', 'partnerId')
  const signed = await api.call({
    method: 'GET',
    path: `/compliance/csp/agreementstatus?mpnId=${encodeURIComponent(partnerId.trim())}`,
    answer: wire.AgreementStatus,
  })
  if ('refused' in signed) return refused(signed.refused)
  return signed.said.isAgreementSigned ? { tenantId: reseller.id } : refused('900123')
}

async function findCustomer(
  api: Api,
  customer: VendorCustomer,
  domain: string,
): Promise<{ id: string } | CustomerAnswer> {
  const filter = JSON.stringify({ Field: 'Domain', Value: domain, Operator: 'starts_with' })
  const listed = await api.call({
    method: 'GET',
    path: `/customers?size=50&filter=${encodeURIComponent(filter)}`,
    answer: wire.collection(wire.Customer),
  })
  if ('refused' in listed) return refused(listed.refused)
  const known = listed.said.items.find((each) => each.companyProfile?.domain?.toLowerCase() === domain)
  if (known) return { id: known.id }

  const taken = await api.call({ method: 'HEAD', path: `/domains/${encodeURIComponent(domain)}` })
  if (!('refused' in taken)) return invite(api, domain)
  if (taken.status !== 404) return refused(taken.refused)
  return create(api, customer, domain)
}

/** The tenant exists and is not ours: its administrator has to accept us first. */
async function invite(api: Api, domain: string): Promise<CustomerAnswer> {
  const asked = await api.call({
    method: 'GET',
    path: '/customers/relationshiprequests',
    answer: wire.RelationshipRequest,
  })
  if ('refused' in asked) return refused(asked.refused)
  return {
    outcome: 'waiting',
    code: 'vendor/no-relationship',
    reason: `${domain} exists already and has not accepted us as its reseller. Send its administrator this invitation; afterwards synchronize again. If it is not the customer’s own tenant, choose another domain.`,
    link: asked.said.url,
  }
}

async function create(
  api: Api,
  customer: VendorCustomer,
  domain: string,
): Promise<{ id: string } | CustomerAnswer> {
  const language = customer.language.slice(0, 2)
  const associated = customer.resellerPartnerId
    ? await findReseller(api, customer.resellerPartnerId)
    : undefined
  if (associated && 'outcome' in associated)
    return { ...associated, ...(associated.outcome === 'refused' ? { field: undefined } : {}) }
  const made = await api.call({
    method: 'POST',
    path: '/customers',
    callId: stepId(customer.callId, 'create customer'),
    body: {
      enableGDAPByDefault: false,
      ...(associated ? { associatedPartnerId: associated.tenantId } : {}),
      companyProfile: {
        domain,
        organizationRegistrationNumber:
          (customer.options['registrationNumber'] || registrationFromVat(customer)) ?? null,
      },
      billingProfile: {
        email: customer.email,
        culture: `${language}-${customer.country}`,
        language,
        companyName: customer.name,
        defaultAddress: {
          firstName: customer.firstName.slice(0, 50),
          lastName: customer.lastName.slice(0, 50),
          addressLine1: customer.addressLine1.slice(0, 200),
          addressLine2: customer.addressLine2.slice(0, 200),
          city: customer.city,
          state: customer.region.slice(0, 2),
          postalCode: customer.postalCode,
          country: customer.country,
          phoneNumber: customer.phone,
        },
      },
    },
    // The new tenant's first password stands in the answer too: it is neither kept nor logged.
    answer: wire.Customer,
  })
  if ('refused' in made) return refused(made.refused)
  return { id: made.said.id }
}

/** Undefined when the agreement stands: signed by the customer itself, confirmed before, or confirmed now. */
async function confirmAgreement(
  api: Api,
  customer: VendorCustomer,
  id: string,
): Promise<CustomerAnswer | undefined> {
  const type = 'MicrosoftCustomerAgreement'
  const direct = await api.call({
    method: 'GET',
    path: `/customers/${id}/directSignedMicrosoftCustomerAgreementStatus`,
    as: 'app and user',
    answer: wire.DirectSigning,
  })
  if ('refused' in direct) return refused(direct.refused)
  if (direct.said.isSigned) return undefined
  const before = await api.call({
    method: 'GET',
    path: `/customers/${id}/agreements?agreementType=${type}`,
    as: 'app and user',
    answer: wire.collection(wire.Confirmation),
  })
  if ('refused' in before) return refused(before.refused)
  if (before.said.items.length > 0) return undefined

  const dateAgreed = customer.options['agreement'] ?? ''
  if (!/^\d{4}-\d\d-\d\d$/.test(dateAgreed)) return refused('13605', 'agreement')
  const templates = await api.call({
    method: 'GET',
    path: `/agreements?agreementType=${type}`,
    as: 'app and user',
    answer: wire.collection(wire.AgreementTemplate),
  })
  if ('refused' in templates) return refused(templates.refused)
  const [template] = templates.said.items
  if (!template)
    throw new Refusal('vendor/agreement-unknown', 'Microsoft named no customer agreement to confirm.')
  const confirmed = await api.call({
    method: 'POST',
    path: `/customers/${id}/agreements`,
    callId: stepId(customer.callId, 'confirm agreement'),
    as: 'app and user',
    body: {
      primaryContact: {
        firstName: customer.firstName,
        lastName: customer.lastName,
        email: customer.email,
        phoneNumber: customer.phone,
      },
      templateId: template.templateId,
      dateAgreed: `${dateAgreed}T00:00:00Z`,
      type,
    },
    answer: wire.Confirmation,
  })
  // 600061: the same confirmation stands already.
  if ('refused' in confirmed && confirmed.refused !== '600061') return refused(confirmed.refused)
  return undefined
}
