import { devise, drfApiKey, gitlab, hashedColumn, knox, sanctum, secureToken, unkey } from '@tessera/import'
import type { LegacyRow, LegacySystem } from '@tessera/import'

/** A secret of another system, and the row that this keeps of it. */
export interface Golden {
  readonly name: string
  readonly system: LegacySystem
  readonly secret: string
  readonly row: LegacyRow
}

const map = () => ({ owner: 'acme', scopes: ['jobs:read'] })

/** As many apps do: what stands before the dot finds the row. */
export const column: LegacySystem = hashedColumn({
  split(secret) {
    const [lookup = '', ...rest] = secret.split('.')
    return rest.length === 1 && lookup !== '' ? { lookup } : null
  },
})

/**
 * Rows of systems in PHP, Python, Ruby and Go, computed with Python's hashlib by what their sources and documents say: Laravel
 * Sanctum 4, django-rest-knox 4 and 5, djangorestframework-api-key 2 and 3, Unkey, GitLab, Rails, Devise, and the hashers of
 * Django, Werkzeug and passlib. The secrets open nothing.
 */
export const golden: readonly Golden[] = [
  {
    name: 'sanctum',
    system: sanctum(),
    secret: '12|Xq3vT0m5hQeWc8aRz1LdKpJ7nYbU2sFgHtVoAi6E1f2a9c4d',
    row: {
      id: 12,
      tokenable_type: 'App\\Models\\User',
      tokenable_id: 'acme',
      name: 'CI',
      token: '295c2fda43418bd5d727881e8809e69caa5bed6e2b609640bb340494c58b6039',
      abilities: '["jobs:read"]',
      last_used_at: '2026-01-31 10:20:30',
      expires_at: null,
      created_at: '2025-06-01 00:00:00',
    },
  },
  {
    name: 'knox',
    system: knox(),
    secret: '9b1f7c2e6d3a48509b1f7c2e6d3a48509b1f7c2e6d3a48509b1f7c2e6d3a4850',
    row: {
      digest:
        'fb47b7a2d81acfd86c70e0a2bc76fa5843715a726747a3c7b4d3b21c8c28f8d4b08e41b1a5ee3a34c36352083253f3a17c9d5be49ce9694dda094195f06d3d7d',
      token_key: '9b1f7c2e6d3a485',
      user_id: 'acme',
      created: '2025-06-01T00:00:00Z',
      expiry: null,
    },
  },
  {
    name: 'knox 4',
    system: knox({ hashes: 'bytes' }),
    secret: '0a1b2c3d4e5f67890a1b2c3d4e5f67890a1b2c3d4e5f67890a1b2c3d4e5f6789',
    row: {
      digest:
        '9eabbddc77c025bed4eb95e6aed11ff6ec7cffd811364d27c283894e826ebb89e44ef97ba5bd4aec1458b6d0811d038dd10199964f43d3cc1a3e8a43ff104a3b',
      token_key: '0a1b2c3d',
      user_id: 'acme',
      created: '2025-06-01T00:00:00Z',
      expiry: null,
    },
  },
  {
    name: 'drf-api-key',
    system: drfApiKey({ map }),
    secret: 'mXa81kPq.Zt7RwQ2LbN5vYc0HsDfGj3KxEpUo9TiMa',
    row: {
      id: 'mXa81kPq.sha512$$',
      prefix: 'mXa81kPq',
      hashed_key:
        'sha512$$84b18170ca6a4a7250956418f830ce44af7ceb67a030ca73ba1ec8af9bb731df91643d0a50a8c9047ed90ef0c921de0ffacbd30041309386bf2a5d29c4701ae2',
      name: 'CI',
      revoked: false,
      created: '2025-06-01T00:00:00Z',
      expiry_date: null,
    },
  },
  {
    name: 'drf-api-key 2',
    system: drfApiKey({ map }),
    secret: 'nYb92lQr.Au8SxR3McO6wZd1ItEgHk4LyFqVp0UjNb',
    row: {
      prefix: 'nYb92lQr',
      hashed_key: 'pbkdf2_sha256$1000$kFq3Zb7LmT9s$oIwZD5FlDY2kk9xM28by2loP1SEdXbEJCWpWaRYwAPU=',
      name: 'CI',
      revoked: false,
      created: '2025-06-01T00:00:00Z',
      expiry_date: null,
    },
  },
  {
    name: 'unkey',
    system: unkey({ prefix: 'acme' }),
    secret: 'acme_3ZpQvBTdW8rFjKmXyLhNcS5e',
    row: {
      hash: 'XKIYWzk1ksNlSifuJqAriuRWA/Jomj+1S0rRP99Jq24=',
      start: 'acme_3ZpQ',
      name: 'CI',
      externalId: 'acme',
      permissions: ['jobs:read'],
      enabled: true,
      createdAt: 1748736000000,
      expires: null,
    },
  },
  {
    name: 'gitlab',
    system: gitlab({ dbKeyBase: '0123456789abcdef'.repeat(8) }),
    secret: 'glpat-Xq3vT0m5hQeWc8aRz1Ld',
    row: {
      id: 7,
      user_id: 'acme',
      name: 'CI',
      token_digest: 'Bw3ozO0BQz9KxcpbU3YY8zuT8Whgxm02XhxtPcLsuNI=',
      scopes: '---\n- jobs:read\n',
      revoked: false,
      expires_at: '2099-01-31',
      created_at: '2025-06-01 00:00:00.123456',
      last_used_at: null,
    },
  },
  {
    name: 'secure-token',
    system: secureToken(),
    secret: 'pX2Zq7vKJmRt5NwYc9LdHsBe',
    row: { token: 'pX2Zq7vKJmRt5NwYc9LdHsBe', user_id: 'acme', created_at: '2025-06-01 00:00:00' },
  },
  {
    name: 'devise',
    system: devise({ secretKeyBase: 'f'.repeat(128) }),
    secret: 'sXy8-Tq_LmZ2vKpRw4Nc',
    row: {
      token: 'd08f83326e85c3b1524e815ab5addf3453f46b288f50e77197dae60e8d3ba292',
      user_id: 'acme',
      created_at: '2025-06-01 00:00:00',
    },
  },
  {
    name: 'hashed-column django pbkdf2',
    system: column,
    secret: 'key4.djangoPbkdf2Secret0000',
    row: {
      owner: 'acme',
      lookup: 'key4',
      hash: 'pbkdf2_sha256$1000$saltsalt1234$gRwVBtl/Tv46lLgXUV22G8A4a4HcCL4ZUM5hpOWCaRk=',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
  {
    name: 'hashed-column werkzeug pbkdf2',
    system: column,
    secret: 'key5.werkzeugPbkdf2Secret00',
    row: {
      owner: 'acme',
      lookup: 'key5',
      hash: 'pbkdf2:sha256:1000$aBcD1234$f6a4ea510bb0ad0589ef812037f758bcb4451b0437228cffcf07cc79aece417b',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
  {
    name: 'hashed-column passlib pbkdf2',
    system: column,
    secret: 'key6.passlibPbkdf2Secret000',
    row: {
      owner: 'acme',
      lookup: 'key6',
      hash: '$pbkdf2-sha512$1000$MDEyMzQ1Njc4OWFiY2RlZg$MV3e7FPRQRwSlaGvUMokd/ANacvARZXlJ2F4fhzwrtzrxvYFNu0mqD3sAU9zCqrqx/ktiV4cIMQWlpsvtQxE5g',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
  {
    name: 'hashed-column werkzeug scrypt',
    system: column,
    secret: 'key7.werkzeugScryptSecret00',
    row: {
      owner: 'acme',
      lookup: 'key7',
      hash: 'scrypt:1024:8:1$aBcD1234$72de27fa04c5507787a457d0f8ac68e934cf57a29554bfdc8a6f7a8694ff6946ddaba5334c8044da5feab66b3d083bee11899b461379834ce0a812d464364673',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
  {
    name: 'hashed-column django scrypt',
    system: column,
    secret: 'key8.djangoScryptSecret0000',
    row: {
      owner: 'acme',
      lookup: 'key8',
      hash: 'scrypt$1024$saltsalt1234$8$1$oW98g9EwATNcVveYZ8eFhqgHv4GyCUFrpUZE2VbRKf4ipGNroSHgLi2eAMFzX3O7tQRCodju4AOy/g3q037DEg==',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
  {
    name: 'hashed-column phc scrypt',
    system: column,
    secret: 'key9.phcScryptSecret0000000',
    row: {
      owner: 'acme',
      lookup: 'key9',
      hash: '$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$hVSGtQ/q+xjJ6QEMnFgaIo1K6BRnlqohDNBCnRg6jYw',
      name: 'CI',
      scopes: ['jobs:read'],
    },
  },
]
