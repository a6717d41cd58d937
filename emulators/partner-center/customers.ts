// Customers: found by name or domain, created with a tenant of their own, or won over by a relationship request
// (partner-center.md 3).

import { randomBytes, randomUUID } from 'node:crypto'
import { countryRule } from './country-rules.ts'
import { VendorError } from './errors.ts'
import { guidOf } from './hash.ts'
import { jsonOf } from './http.ts'
import { markets } from './markets.ts'
import type { Customer } from './records.ts'
import { partners, resellerByTenant, shownReseller } from './resellers.ts'
import type { Answer, Json } from './wire.ts'
import { type Ask, collection, type Route, type World } from './world.ts'

const v1 = '/commerce/v1'

export const customerRoutes: readonly Route[] = [
  {
    name: 'customer-relationships',
    method: 'GET',
    path: '/commerce/v1/customers/{customer}/relationships',
    access: 'anybody',
    handle: ofCustomer,
  },
  { name: 'domain', method: 'HEAD', path: `${v1}/domains/{domain}`, access: 'anybody', handle: domain },
  { name: 'domain', method: 'GET', path: `${v1}/domains/{domain}`, access: 'anybody', handle: domain },
  {
    name: 'country-rules',
    method: 'GET',
    path: `${v1}/countryvalidationrules/{country}`,
    access: 'anybody',
    handle: rules,
  },
  {
    name: 'validate-address',
    method: 'POST',
    path: `${v1}/validations/address`,
    access: 'anybody',
    handle: validateAddress,
  },
  { name: 'list-customers', method: 'GET', path: `${v1}/customers`, access: 'anybody', handle: list },
  { name: 'create-customer', method: 'POST', path: `${v1}/customers`, access: 'anybody', handle: create },
  {
    name: 'relationship-request',
    method: 'GET',
    path: `${v1}/customers/relationshiprequests`,
    access: 'anybody',
    handle: request,
  },
  { name: 'get-customer', method: 'GET', path: `${v1}/customers/{customer}`, access: 'anybody', handle: get },
]

export function customerOf({ world, params }: Pick<Ask, 'world' | 'params'>): Customer {
  const found = world.store.find<Customer>('customer', (params['customer'] ?? '').toLowerCase())
  if (!found) throw new VendorError(404, '20000', 'The customer does not exist.')
  return found
}

export function saveCustomer(world: World, customer: Customer): void {
  world.store.save('customer', customer.id, customer)
}

function ofCustomer(ask: Ask): Answer {
  const { resellers } = customerOf(ask)
  return collection(
    partners(ask.world)
      .filter((each) => resellers.includes(each.id))
      .map(shownReseller),
  )
}

/** Every purchase and every look into a customer's affairs needs the relationship. */
export function relatedCustomerOf(ask: Pick<Ask, 'world' | 'params'>): Customer {
  const customer = customerOf(ask)
  if (customer.relationship !== 'reseller')
    throw new VendorError(403, '20002', 'There is no reseller relationship with this customer.')
  return customer
}

function byDomain(world: World, name: string): Customer | undefined {
  return world.store
    .list<Customer>('customer')
    .find((each) => each.domain.toLowerCase() === name.toLowerCase())
}

function domain({ world, params }: Ask): Answer {
  return { status: byDomain(world, params['domain'] ?? '') ? 200 : 404 }
}

function rules({ params }: Ask): Answer {
  const iso2Code = (params['country'] ?? '').toUpperCase()
  const market = markets.get(iso2Code)
  if (!market) throw new VendorError(400, '800002', `${iso2Code} is no country we know.`)
  const rule = countryRule(iso2Code)
  return {
    status: 200,
    body: {
      iso2Code,
      defaultCulture: rule.culture,
      isStateRequired: rule.states.length > 0,
      states: { value: rule.states },
      supportedLanguages: { value: [...new Set([rule.culture.slice(0, 2), 'en'])] },
      supportedCultures: { value: [...new Set([rule.culture, 'en-US'])] },
      isPostalCodeRequired: rule.postal !== undefined,
      postalCodeRegex: rule.postal ?? '',
      isCityRequired: true,
      isVatIdSupported: rule.taxFormat !== undefined,
      isTaxIdSupported: rule.taxFormat !== undefined,
      taxIdFormat: rule.taxFormat ?? '',
      taxIdSample: rule.taxSample ?? '',
      isRegistrationNumberSupported: rule.needsRegistrationNumber,
      phoneNumberRegex: '^\\+?[0-9 ()/.-]{6,25}$',
      resellerAgreementRegion: market.region,
      geographicRegion: market.region,
      countryCallingCodes: { value: rule.calling ? [rule.calling] : [] },
      attributes: { objectType: 'CountryInformation' },
    },
  }
}

function validateAddress({ call }: Ask): Answer {
  const address = jsonOf(call)
  const rule = countryRule(String(address['country'] ?? '').toUpperCase())
  const isPostalRight = !rule.postal || new RegExp(rule.postal, 'i').test(String(address['postalCode'] ?? ''))
  const hasNumber = /\d/.test(String(address['addressLine1'] ?? ''))
  const status = !address['city']
    ? 'None'
    : !isPostalRight
      ? 'InteractionRequired'
      : hasNumber
        ? 'VerifiedShippable'
        : 'PremisesPartial'
  return {
    status: 200,
    body: {
      originalAddress: address,
      suggestedAddresses:
        status === 'PremisesPartial' ? [{ ...address, addressLine1: `${address['addressLine1']} 1` }] : [],
      status,
      validationMessage: isPostalRight ? null : 'The postal code does not fit the country.',
    },
  }
}

function list({ world, call }: Ask): Answer {
  const all = world.store.list<Customer>('customer').filter((each) => each.relationship === 'reseller')
  const kept = filtered(all, call.query.get('filter'))
  const size = Number(call.query.get('size') ?? 0) || 100
  const token = String(call.headers['ms-continuationtoken'] ?? '')
  const from =
    call.query.get('seekOperation') === 'Next' ? Number(Buffer.from(token, 'base64url').toString() || 0) : 0
  const page = kept.slice(from, from + size).map(shown)
  const next = from + size < kept.length ? Buffer.from(String(from + size)).toString('base64url') : undefined
  const links = next
    ? {
        next: {
          uri: `/customers?size=${size}&seekOperation=Next`,
          method: 'GET',
          headers: [{ key: 'MS-ContinuationToken', value: next }],
        },
      }
    : {}
  return collection(page, { totalCount: page.length, links, ...(next ? { continuationToken: next } : {}) })
}

function filtered(customers: Customer[], text: string | null): Customer[] {
  if (!text) return customers
  let filter: Json
  try {
    filter = JSON.parse(text) as Json
  } catch {
    throw new VendorError(400, '800002', 'The filter is not JSON.')
  }
  if (String(filter['Operator']).toLowerCase() !== 'starts_with')
    throw new VendorError(400, '800002', 'The only operator is starts_with.')
  const value = String(filter['Value'] ?? '').toLowerCase()
  switch (String(filter['Field']).toLowerCase()) {
    case 'companyname':
      return customers.filter((each) => each.companyName.toLowerCase().startsWith(value))
    case 'domain':
      return customers.filter((each) => each.domain.toLowerCase().startsWith(value))
    case 'indirectreseller':
    case 'indirectcloudsolutionprovider':
      return customers.filter((each) => each.resellers.some((reseller) => reseller.startsWith(value)))
    default:
      throw new VendorError(400, '800002', 'This field cannot be searched.')
  }
}

function get(ask: Ask): Answer {
  return { status: 200, body: shown(customerOf(ask)) }
}

function shown(customer: Customer): Json {
  const { defaultAddress: _, ...billing } = customer.body['billingProfile'] ?? {}
  return {
    id: customer.id,
    commerceId: customer.commerceId,
    companyProfile: {
      ...customer.body['companyProfile'],
      tenantId: customer.id,
      domain: customer.domain,
      companyName: customer.companyName,
      attributes: { objectType: 'CustomerCompanyProfile' },
    },
    billingProfile: {
      ...billing,
      defaultAddress: customer.body['billingProfile']?.defaultAddress ?? { country: customer.country },
      attributes: { etag: '1', objectType: 'CustomerBillingProfile' },
    },
    relationshipToPartner: customer.relationship,
    allowDelegatedAccess: false,
    customDomains: [customer.domain],
    associatedPartnerId: customer.resellers[0] ?? null,
    attributes: { objectType: 'Customer' },
  }
}

function create({ world, call }: Ask): Answer {
  const body = jsonOf(call)
  assertComplete(world, body)
  const name = String(body['companyProfile'].domain)
  if (byDomain(world, name))
    throw new VendorError(409, '800002', `The domain ${name} is taken.`, { data: ['companyProfile.domain'] })
  const { associatedPartnerId } = body
  if (associatedPartnerId) resellerByTenant(world, String(associatedPartnerId))
  const customer: Customer = {
    id: randomUUID(),
    commerceId: randomUUID(),
    domain: name,
    companyName: String(body['billingProfile'].companyName),
    country: String(body['billingProfile'].defaultAddress.country).toUpperCase(),
    relationship: 'reseller',
    hasSignedAgreement: false,
    resellers: associatedPartnerId ? [String(associatedPartnerId)] : [],
    body: {
      companyProfile: body['companyProfile'],
      billingProfile: { id: randomUUID(), ...body['billingProfile'] },
    },
  }
  saveCustomer(world, customer)
  // The answer to the creation still says none; whoever reads the customer afterwards sees the relationship.
  return {
    status: 201,
    body: {
      ...shown(customer),
      relationshipToPartner: 'none',
      userCredentials: { userName: 'admin', password: `Test-${randomBytes(6).toString('base64url')}` },
    },
  }
}

function assertComplete(world: World, body: Json): void {
  const refuse = (field: string, text: string, code = '800002') =>
    new VendorError(400, code, text, { data: [field] })
  const billing: Json = body['billingProfile'] ?? {}
  const address: Json = billing['defaultAddress'] ?? {}
  const name = String(body['companyProfile']?.domain ?? '')
  if (!/^[a-z][a-z0-9-]{0,26}\.onmicrosoft\.com$/i.test(name))
    throw refuse('companyProfile.domain', 'The domain is a name before .onmicrosoft.com.')
  for (const field of ['email', 'culture', 'language', 'companyName'])
    if (!billing[field]) throw refuse(`billingProfile.${field}`, `${field} is missing.`)
  for (const [field, least, most] of [
    ['firstName', 1, 50],
    ['lastName', 1, 50],
    ['addressLine1', 1, 200],
    ['addressLine2', 0, 200],
    ['city', 1, 100],
    ['state', 0, 2],
    ['country', 2, 2],
  ] as const) {
    const { length } = String(address[field] ?? '')
    if (length < least || length > most)
      throw refuse(
        `defaultAddress.${field}`,
        `${field} has ${length} characters, ${least} to ${most} are allowed.`,
      )
  }
  const country = String(address['country']).toUpperCase()
  const market = markets.get(country)
  if (!market || !world.settings().regions.includes(market.region))
    throw new VendorError(403, '2030', `The partner is not onboarded for ${country}.`)
  const rule = countryRule(country)
  if (rule.postal && !new RegExp(rule.postal, 'i').test(String(address['postalCode'] ?? '')))
    throw refuse('defaultAddress.postalCode', 'The postal code does not fit the country.')
  if (rule.states.length > 0 && !rule.states.includes(String(address['state'] ?? '')))
    throw refuse('defaultAddress.state', 'The country needs one of its states.')
  const number = body['companyProfile']?.organizationRegistrationNumber
  if (rule.needsRegistrationNumber && !number)
    throw refuse(
      'companyProfile.organizationRegistrationNumber',
      'The registration number is missing.',
      '600049',
    )
  if (number && !/^[A-Za-z0-9 ./-]{3,40}$/.test(String(number)))
    throw refuse(
      'companyProfile.organizationRegistrationNumber',
      'The registration number is malformed.',
      '600050',
    )
  if (rule.needsPhone && !address['phoneNumber'])
    throw refuse('defaultAddress.phoneNumber', 'The phone number is missing.', '600051')
}

function request({ world }: Ask): Answer {
  const { partnerId, tenantId } = world.partner
  return {
    status: 200,
    body: {
      url: `https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId=${tenantId}&msppId=0&DAP=false#/BillingAccounts/partner-invitation`,
      attributes: { objectType: 'CustomerRelationshipRequest' },
      partnerId,
    },
  }
}

/** Tenants that exist already and belong to nobody: their domains are taken, they must accept before they can be sold to. */
export function seedCustomers(world: World): void {
  for (const [name, company, country] of [
    ['steinbrook', 'Steinbrook Werke GmbH', 'DE'],
    ['lindqvist', 'Lindqvist Handel AB', 'SE'],
    ['mirador', 'Mirador Servicios SA', 'MX'],
  ] as const)
    addTenant(world, {
      id: guidOf(world.seed, 'tenant', name),
      domain: `${name}.onmicrosoft.com`,
      companyName: company,
      country,
    })
}

export function addTenant(
  world: World,
  given: { id?: string; domain: string; companyName: string; country: string },
): Customer {
  const customer: Customer = {
    id: given.id ?? randomUUID(),
    commerceId: randomUUID(),
    domain: given.domain,
    companyName: given.companyName,
    country: given.country,
    relationship: 'none',
    hasSignedAgreement: false,
    resellers: [],
    body: {
      companyProfile: {},
      billingProfile: { companyName: given.companyName, defaultAddress: { country: given.country } },
    },
  }
  if (!world.store.find('customer', customer.id)) saveCustomer(world, customer)
  return customer
}
