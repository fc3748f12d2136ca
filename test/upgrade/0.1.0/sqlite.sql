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
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'a1fbaa48-ba3c-416d-a69a-1a0b63da285a', 'OdIB7Np_v00pzNFFoZ9r38MsRnvZt5UFn-2n7VdT42M', 'up_pat', 1796083201000, 9007199254740991, null, '{"preview":"up_pat_sgLh********r9mc","name":"plain","scopes":["jobs:read","jobs:write"],"lastUsedAt":1796083208000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'cce28051-ab7b-423c-ac26-db2a4e3aad50', '-4ewoG4n1hmrBBrIgEWGgbWCyLI_74wlQOyZkx9BK9k', 'up_pat', 1796083202000, 10413792000000, 10413792000000, '{"preview":"up_pat_a2YT********0ak8","name":"full","scopes":["jobs:read","jobs:write"],"createdBy":"ada@example.com","attributes":{"team":"build"},"expiresAt":10413792000000,"networks":["10.0.0.0/8"],"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '9b492e3b-8e71-4d57-affb-3970d83c268c', 'df929Z7-tdSb2yX0iEbr3BM_GjizQY8AxWSEAIA7vRk', 'up_pat', 1796083203000, 9007199254740991, null, '{"preview":"up_pat_7alN********WLbM","name":"made","scopes":["jobs:read","jobs:write"],"issuedBy":"a1fbaa48-ba3c-416d-a69a-1a0b63da285a","makers":["a1fbaa48-ba3c-416d-a69a-1a0b63da285a"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'bb5e181c-0c9e-4a66-8424-fa37fb88c31d', 'kFTGNgdzr05Zsmerzqbe9FOzMxITvc7cugVAQgKsm7E', 'up_pat', 1796083204000, 1796086800000, 1796086800000, '{"preview":"up_pat_rD1M********7yrU","name":"ends","scopes":["jobs:read","jobs:write"],"expiresAt":1796086800000,"fixedExpiry":true}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '37dd39ce-bd40-4280-9ab1-21a28798d366', 'TVHPVeGmwKWToOknxdE1pB1GcWuLTpAOnpdajdnYyK0', 'up_pat', 1796083205000, 9007199254740991, null, '{"preview":"up_pat_R9xv********l0U4","name":"suspended","scopes":["jobs:read","jobs:write"],"suspendedAt":1796083205000}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '116f8578-99ab-4123-8720-2d12c38ddeb6', 'HOk1zAFwmy5leVLSi8ZTg0IqeCevxX6ITqJnsg0f_BQ', 'up_pat', 1796083206000, null, 1796083206000, '{"preview":"up_pat_vcLz********gw4K","name":"revoked","scopes":["jobs:read","jobs:write"],"revokedAt":1796083206000,"revokedReason":"leaked"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', 'd4bb124c-7ef4-4b82-a65d-2788de4a1cc9', '5lwQxQPnXCv9aJXLbyxQXhkDxTjr-K2pPoBOQC-rfRk', 'up_pat', 1796083207000, 9007199254740991, null, '{"preview":"up_pat_kOgT********6B5y","name":"edited","scopes":["jobs:read","jobs:write"]}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '3b65e89f-3121-46f4-a850-4c7e0c969c8c', 'GLxEnvFdNZ96de8Bw6r3BqgxeE55cWSGDJXml-4HPvs', 'up_pat', 1796083208000, null, 1798675208000, '{"preview":"up_pat_GlEv********Jjwz","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedTo":"5aa2f27b-1cf8-4392-a6d4-618929f1a0d8","overlapEndsAt":1798675208000,"sealedSuccessor":"v1.CudAp7LTzNF0dZF5OKwEpzfHsRswcH_N71YRJAupJ3VSVYXnUwRBEzvsTyxxLr2hLY-SJV8f24A890dfEexFDucI8st4hWSZtcFcaUMlCkcs4AKIakS_"}');
insert into "tessera_tokens" (owner, id, digest, prefix, created_at, counts_until, ended_at, record) values ('acme', '5aa2f27b-1cf8-4392-a6d4-618929f1a0d8', '-FaavYN6_apZ3H4unk7JxKGMH4DQBGWgCjZg6nuOeAU', 'up_pat', 1796083208000, 9007199254740991, null, '{"preview":"up_pat_Ie3r********hl7U","name":"rotated","scopes":["jobs:read","jobs:write"],"rotatedFrom":"3b65e89f-3121-46f4-a850-4c7e0c969c8c","overlapEndsAt":1798675208000,"pending":true,"line":"3b65e89f-3121-46f4-a850-4c7e0c969c8c"}');
insert into "tessera_requests" (owner, key, prefix, expires_at, kept) values ('acme', 'up_pat:a-change', 'up_pat', 1796169603000, '{"key":"up_pat:a-change","fingerprint":"5_Oyz_IMzDEme52sIlggOTRptw9dV0rZTIz95GfnaTs","expiresAt":1796169603000,"limit":10000,"answer":{"record":{"id":"9b492e3b-8e71-4d57-affb-3970d83c268c","owner":"acme","digest":"df929Z7-tdSb2yX0iEbr3BM_GjizQY8AxWSEAIA7vRk","prefix":"up_pat","preview":"up_pat_7alN********WLbM","name":"made","scopes":["jobs:read","jobs:write"],"createdBy":null,"attributes":{},"createdAt":1796083203000,"updatedAt":1796083203000,"expiresAt":null,"lastUsedAt":null,"suspendedAt":null,"revokedAt":null,"revokedReason":null,"rotatedTo":null,"rotatedFrom":null,"overlapEndsAt":null,"pending":false,"sealedSuccessor":null,"networks":null,"issuedBy":"a1fbaa48-ba3c-416d-a69a-1a0b63da285a","makers":["a1fbaa48-ba3c-416d-a69a-1a0b63da285a"],"line":"9b492e3b-8e71-4d57-affb-3970d83c268c","lineCreatedAt":1796083203000,"expiryCeiling":null,"fixedExpiry":false}}}');
insert into "tessera_changes" (n, nonce, digest, owner) values (0, 'b602f4fc2aa7d623e29a3ac6', null, null);
insert into "tessera_changes" (n, nonce, digest, owner) values (1, 'TttWBBonve0V', 'TVHPVeGmwKWToOknxdE1pB1GcWuLTpAOnpdajdnYyK0', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (2, '8KDfUbUyAJvl', 'HOk1zAFwmy5leVLSi8ZTg0IqeCevxX6ITqJnsg0f_BQ', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (3, 'NIn38I7XTC8F', 'HOk1zAFwmy5leVLSi8ZTg0IqeCevxX6ITqJnsg0f_BQ', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (4, 'yQOqJ5Pv-YRS', '5lwQxQPnXCv9aJXLbyxQXhkDxTjr-K2pPoBOQC-rfRk', null);
insert into "tessera_changes" (n, nonce, digest, owner) values (5, 'bdvUd_kgigMO', 'GLxEnvFdNZ96de8Bw6r3BqgxeE55cWSGDJXml-4HPvs', null);
insert into "tessera_facts" (name, value) values ('layout', 1);
