/** What a caller must present: `X-PARTNER-ID` and the pair behind an access token. */
export interface MerchantCredentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

/** One credential and all it may reach. The log shows `name`, never a secret. */
export interface Merchant extends MerchantCredentials {
  readonly name: string
}

export interface AccountRecord {
  /** ULID. */
  readonly id: string
  /** The integer that the documented update response shows in place of the ULID [seed:update]. */
  readonly key: number
  readonly merchant: string
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly status: string
}

/** Who may call, and which account is whose. */
export interface Directory {
  /** The first is the default merchant. */
  readonly merchants: readonly Merchant[]
  readonly accounts: readonly AccountRecord[]
}

const ACTIVE = { merchant: 'merchant', status: 'active' }

/** Two merchants: the default one with five accounts, one of them inactive, and another with two. */
export const DEFAULT_DIRECTORY: Directory = {
  merchants: [
    {
      name: 'merchant',
      apiKey: 'b3ed7d4b-a96c-4c08-b3c7-12c312424201',
      clientId: '5f1c2a90-7d1e-4f0b-9a55-sandbox00001',
      clientSecret: 'sandbox-secret-of-the-default-merchant',
    },
    {
      name: 'other-merchant',
      apiKey: 'c9a1f7e2-0b5d-4e3a-8f66-77e1a0b4d902',
      clientId: '91d3b7c4-2e8a-4b7c-8c11-sandbox00002',
      clientSecret: 'sandbox-secret-of-the-other-merchant',
    },
  ],
  accounts: [
    // The account of the documented list sample; as there, it has neither e-mail nor phone.
    { ...ACTIVE, id: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', key: 1, name: 'Kopi Nusantara', email: null, phone: null },
    {
      ...ACTIVE,
      id: '01K7P073Q8RE2A9PQT8Q7MXPN4',
      key: 35,
      name: 'Batik Laras Solo',
      email: 'keuangan@batiklaras.example.id',
      phone: '08123993201',
    },
    {
      ...ACTIVE,
      id: '01K9B2V4X6Z8C0E1G3J5M7P9R2',
      key: 36,
      name: 'Bimbel Cendekia Bandung',
      email: 'admin@bimbelcendekia.example.id',
      phone: '082217004455',
    },
    { ...ACTIVE, id: '01KA0D5F7H9K1N3Q5S7V9X1Z3B', key: 37, name: 'Warung Bu Sri', email: null, phone: '085600112233' },
    {
      merchant: 'merchant',
      status: 'inactive',
      id: '01JD4M8R2T6W0Y4A8C2E6G0J4K',
      key: 12,
      name: 'Kopi Nusantara Surabaya (tutup)',
      email: 'surabaya@kopinusantara.example.id',
      phone: null,
    },
    {
      merchant: 'other-merchant',
      status: 'active',
      id: '01K3F6H9K2N5Q8T1W4Y7A0C3E6',
      key: 58,
      name: 'Toko Elektronik Jaya',
      email: 'kasir@elektronikjaya.example.id',
      phone: '081390008877',
    },
    {
      merchant: 'other-merchant',
      status: 'active',
      id: '01K3F6J2M5P8R1T4W7Y0A3C6E9',
      key: 59,
      name: 'Servis AC Jaya',
      email: null,
      phone: null,
    },
  ],
}
