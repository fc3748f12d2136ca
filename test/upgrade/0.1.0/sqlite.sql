CREATE TABLE tessera_tokens (
  owner text not null,
  id text not null,
  digest text not null unique,
  prefix text not null,
  created_at integer not null,
  counts_until integer,
  ended_at integer,
  record text not null,
  primary key (owner, id)
) strict;
CREATE INDEX tessera_tokens_by_creation on tessera_tokens (owner, prefix, created_at, id);
CREATE INDEX tessera_tokens_by_count on tessera_tokens (owner, prefix, counts_until) where counts_until is not null;
CREATE INDEX tessera_tokens_by_end on tessera_tokens (ended_at) where ended_at is not null;
CREATE TABLE tessera_requests (
  owner text not null,
  key text not null,
  prefix text not null,
  expires_at integer not null,
  kept text not null,
  primary key (owner, key)
) strict;
CREATE INDEX tessera_requests_by_expiry on tessera_requests (expires_at);
CREATE TABLE tessera_changes (n integer primary key, nonce text not null, digest text, owner text) strict;
CREATE TABLE tessera_facts (name text primary key, value integer not null) strict;
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'c786796d-00ae-4406-8628-1c8f653d24cb', 'MgxaQcwpAMCAZSN1JuC7Bkwe7Rjpv87BxMhXACeUgbo', 'up_pat', 1796083201000, 9007199254740991, null, '{"preview":"up_pat_9rIM********i4hF","name":"plain","scopes":["jobs:read","jobs:write"],"lastUsedAt":1796083208000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'c249a02d-8d25-4665-8835-b199686800ff', 'Jf2Im7ZtZh4RMC3vWA6sJvtxn87uibdpCWeCNu7_z2Q', 'up_pat', 1796083202000, 10413792000000, 10413792000000, '{"preview":"up_pat_HmBL********RVSw","name":"full","scopes":["jobs:read","jobs:write"],"createdBy":"ada@example.com","attributes":{"team":"build"},"expiresAt":10413792000000,"networks":["10.0.0.0/8"],"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'd3743de7-6ebd-46b0-840b-11b43e241a80', 'uMqiWWyN5IWK_8Nwf-NiHSs6rjAh2rMzEnCSJS60DMo', 'up_pat', 1796083203000, 9007199254740991, null, '{"preview":"up_pat_3AiT********BlNt","name":"made","scopes":["jobs:read","jobs:write"],"issuedBy":"c786796d-00ae-4406-8628-1c8f653d24cb","makers":["c786796d-00ae-4406-8628-1c8f653d24cb"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '695a4bd0-80d4-4dbd-b89a-505db5f54c34', 'NCABcPa5i2WTmsPDD__DIsfdL8mKAic1e6H79bULuzQ', 'up_pat', 1796083204000, 1796086800000, 1796086800000, '{"preview":"up_pat_hmPH********TeQX","name":"ends","scopes":["jobs:read","jobs:write"],"expiresAt":1796086800000,"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'd209f147-5aa8-4d7e-9869-c0cb8913dc11', 'hrnib-oDYrVmgHZONV27YpGAPKHkZKGXCgIgg2c4KRI', 'up_pat', 1796083205000, 9007199254740991, null, '{"preview":"up_pat_S7rL********48Y6","name":"suspended","scopes":["jobs:read","jobs:write"],"suspendedAt":1796083205000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'cfa50c66-bfee-49bb-90bd-530f2c00811e', 'QAnWhHKUidivNhs9UrnA6haXhPi6A51B_koU2pQC4Yg', 'up_pat', 1796083206000, null, 1796083206000, '{"preview":"up_pat_KBvS********zz4o","name":"revoked","scopes":["jobs:read","jobs:write"],"revokedAt":1796083206000,"revokedReason":"leaked"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'e3c79f4f-7f6d-42a3-8a09-49a40c413f19', 'UWRRdCkMktcyICU8Q2FGHfmn0UTnUYM32pgqhzh9bj8', 'up_pat', 1796083207000, 9007199254740991, null, '{"preview":"up_pat_N2Tr********yeNY","name":"edited","scopes":["jobs:read","jobs:write"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'ac777e3a-7887-4217-8126-5d3cde492849', 'uU7DjGbBNRVjZv-yeSHU66tE-duBDnw_Pko1zZh1FB8', 'up_pat', 1796083208000, null, 1798675208000, '{"preview":"up_pat_2ZE6********OgUN","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedTo":"400028e0-3941-41d2-97e3-de63dabf7b40","overlapEndsAt":1798675208000,"sealedSuccessor":"v1.L7is4hKwgbSucP4D4clpxrvYwrR8zTCfPFnDwVZCBH8b23lfoSqsUXlpoorP2dy8sm11Yj7ajJ3O0P_EKrKOTZX-ZlOuMUyw_1SKWmlII6pYkdMPrkB2"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '400028e0-3941-41d2-97e3-de63dabf7b40', 'Bt8V4HPxbO5rGATr3Bl0Kd3Dh6y3sEdakaJdxMmaa2A', 'up_pat', 1796083208000, 9007199254740991, null, '{"preview":"up_pat_7BSb********e7sy","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedFrom":"ac777e3a-7887-4217-8126-5d3cde492849","overlapEndsAt":1798675208000,"pending":true,"line":"ac777e3a-7887-4217-8126-5d3cde492849"}');
insert into "tessera_requests" (owner, key, prefix, expires_at, kept) values ('acme', 'up_pat:a-change', 'up_pat', 1796169603000, '{"key":"up_pat:a-change","fingerprint":"5_Oyz_IMzDEme52sIlggOTRptw9dV0rZTIz95GfnaTs","expiresAt":1796169603000,"limit":10000,"answer":{"record":{"id":"d3743de7-6ebd-46b0-840b-11b43e241a80","owner":"acme","digest":"uMqiWWyN5IWK_8Nwf-NiHSs6rjAh2rMzEnCSJS60DMo","prefix":"up_pat","preview":"up_pat_3AiT********BlNt","name":"made","scopes":["jobs:read","jobs:write"],"createdBy":null,"attributes":{},"createdAt":1796083203000,"updatedAt":1796083203000,"expiresAt":null,"lastUsedAt":null,"suspendedAt":null,"revokedAt":null,"revokedReason":null,"rotatedTo":null,"rotatedFrom":null,"overlapEndsAt":null,"pending":false,"sealedSuccessor":null,"networks":null,"issuedBy":"c786796d-00ae-4406-8628-1c8f653d24cb","makers":["c786796d-00ae-4406-8628-1c8f653d24cb"],"line":"d3743de7-6ebd-46b0-840b-11b43e241a80","lineCreatedAt":1796083203000,"expiryCeiling":null,"fixedExpiry":false}}}');
insert into "tessera_changes" (n, nonce, digest, owner) values (0, '9b916fb2f824c4624f1ef749', null, null);
insert into "tessera_changes" (n, nonce, digest, owner) values (1, 'g2z4dMJNwApP', 'hrnib-oDYrVmgHZONV27YpGAPKHkZKGXCgIgg2c4KRI', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (2, 'DD7-nIONgaQJ', 'QAnWhHKUidivNhs9UrnA6haXhPi6A51B_koU2pQC4Yg', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (3, 'F54lm391epRi', 'UWRRdCkMktcyICU8Q2FGHfmn0UTnUYM32pgqhzh9bj8', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (4, 'jfWXTMg_O4JH', 'uU7DjGbBNRVjZv-yeSHU66tE-duBDnw_Pko1zZh1FB8', null);
insert into "tessera_facts" (name, value) values ('layout', 1);
