package com.fyvault.factors;

import com.fyvault.factors.PasskeyRefused.Reason;
import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionsAuthenticatorOutputs;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.VerificationException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The two ceremonies of WebAuthn (level 2, 7.1 and 7.2), verified by webauthn4j: type, challenge, origin, relying
/// party, presence and verification of the user, algorithm, flags, signature, counter.
///
/// No attestation is asked for, so what an authenticator says of its maker is neither checked nor kept. The client
/// extensions are ignored: none was asked for. Takes a millisecond or so: not for an event loop.
final class VerifyPasskey {
    /// EdDSA, ECDSA on P-256 and RSA: in the order in which an authenticator shall choose.
    static final List<COSEAlgorithmIdentifier> ALGORITHMS =
            List.of(COSEAlgorithmIdentifier.EdDSA, COSEAlgorithmIdentifier.ES256, COSEAlgorithmIdentifier.RS256);

    private static final int HANDLE = 16;

    private final RelyingParty party;
    private final Challenge.Source challenges;

    /// Loaded with the first ceremony, not with the server.
    private static final class Library {
        static final ObjectConverter CONVERTER = new ObjectConverter();
        static final WebAuthnManager MANAGER = WebAuthnManager.createNonStrictWebAuthnManager(CONVERTER);
        static final AttestedCredentialDataConverter ATTESTED = new AttestedCredentialDataConverter(CONVERTER);

        private Library() {}
    }

    /// A new key, found good.
    record Registered(
            Challenge challenge, byte[] credentialId, byte[] attested, boolean backupEligible, long signCount) {}

    /// A signature, found good.
    record Asserted(Challenge challenge, long signCount) {}

    VerifyPasskey(RelyingParty party, Challenge.Source challenges) {
        this.party = party;
        this.challenges = challenges;
    }

    /// @throws PasskeyRefused when anything does not hold
    Registered registration(SentKey.Registration sent, Challenge.Tie tie) {
        return refusing(() -> {
            RegistrationData data =
                    Library.MANAGER.parse(new RegistrationRequest(sent.attestation(), sent.clientData()));
            Challenge challenge = challenge(data.getCollectedClientData(), tie);
            List<PublicKeyCredentialParameters> algorithms = ALGORITHMS.stream()
                    .map(one -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, one))
                    .toList();
            RegistrationData verified = Library.MANAGER.verify(
                    data, new RegistrationParameters(expected(challenge), algorithms, true, true));
            AuthenticatorData<?> authenticator =
                    present(present(verified.getAttestationObject()).getAuthenticatorData());
            AttestedCredentialData attested = present(authenticator.getAttestedCredentialData());
            return new Registered(
                    challenge,
                    attested.getCredentialId(),
                    Library.ATTESTED.convert(attested),
                    authenticator.isFlagBE(),
                    authenticator.getSignCount());
        });
    }

    /// @throws PasskeyRefused when anything does not hold
    Asserted assertion(SentKey.Assertion sent, Passkey passkey, Challenge.Tie tie) {
        if (sent.userHandle() != null && !passkey.userId().equals(owner(sent.userHandle()))) {
            throw new PasskeyRefused(Reason.USER_HANDLE);
        }
        return refusing(() -> {
            AuthenticationData data = Library.MANAGER.parse(new AuthenticationRequest(
                    sent.credentialId(),
                    sent.userHandle(),
                    sent.authenticatorData(),
                    sent.clientData(),
                    sent.signature()));
            Challenge challenge = challenge(data.getCollectedClientData(), tie);
            AuthenticationData verified = Library.MANAGER.verify(
                    data,
                    new AuthenticationParameters(
                            expected(challenge), stored(passkey), List.of(passkey.credentialId()), true, true));
            return new Asserted(
                    challenge, present(verified.getAuthenticatorData()).getSignCount());
        });
    }

    /// What a person is called towards authenticators.
    static byte[] handle(UUID user) {
        return ByteBuffer.allocate(HANDLE)
                .putLong(user.getMostSignificantBits())
                .putLong(user.getLeastSignificantBits())
                .array();
    }

    private static @Nullable UUID owner(byte[] handle) {
        ByteBuffer buffer = ByteBuffer.wrap(handle);
        return handle.length == HANDLE ? new UUID(buffer.getLong(), buffer.getLong()) : null;
    }

    private ServerProperty expected(Challenge challenge) {
        Set<Origin> origins = party.origins().stream().map(Origin::create).collect(Collectors.toSet());
        return new ServerProperty(origins, party.id(), new DefaultChallenge(challenge.bytes()));
    }

    private static CredentialRecord stored(Passkey passkey) {
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                passkey.backupEligible(),
                false,
                passkey.signCount(),
                Library.ATTESTED.convert(passkey.attested()),
                new AuthenticationExtensionsAuthenticatorOutputs<>(),
                null,
                null,
                null);
    }

    /// The challenge that was answered, on a page that is not within another site's: the library looks at that
    /// in one of the ceremonies only.
    private Challenge challenge(@Nullable CollectedClientData sent, Challenge.Tie tie) {
        CollectedClientData client = present(sent);
        Challenge challenge = challenges.known(present(client.getChallenge()).getValue(), tie);
        if (Boolean.TRUE.equals(client.getCrossOrigin())) {
            throw new PasskeyRefused(Reason.CROSS_ORIGIN);
        }
        return challenge;
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new PasskeyRefused(Reason.MALFORMED);
        }
        return part;
    }

    /// By name: each failure has a class of its own, and there are two dozen.
    private static <T> T refusing(Supplier<T> ceremony) {
        try {
            return ceremony.get();
        } catch (VerificationException failure) {
            throw new PasskeyRefused(reason(failure.getClass().getSimpleName()));
        } catch (DataConversionException | IllegalArgumentException malformed) {
            throw new PasskeyRefused(Reason.MALFORMED);
        }
    }

    private static Reason reason(String failure) {
        return switch (failure) {
            case "BadChallengeException", "MissingChallengeException" -> Reason.CHALLENGE;
            case "InconsistentClientDataTypeException" -> Reason.TYPE;
            case "BadOriginException" -> Reason.ORIGIN;
            case "CrossOriginException" -> Reason.CROSS_ORIGIN;
            case "BadRpIdException" -> Reason.RP_ID;
            case "UserNotPresentException" -> Reason.USER_NOT_PRESENT;
            case "UserNotVerifiedException" -> Reason.USER_NOT_VERIFIED;
            case "IllegalBackupStateException", "BadBackupEligibleFlagException" -> Reason.BACKUP_FLAGS;
            case "NotAllowedAlgorithmException", "BadAlgorithmException" -> Reason.ALGORITHM;
            case "BadAttestationStatementException" -> Reason.ATTESTATION;
            case "BadSignatureException" -> Reason.SIGNATURE;
            case "MaliciousCounterValueException" -> Reason.SIGN_COUNT;
            case "NotAllowedCredentialIdException" -> Reason.UNKNOWN;
            case "ConstraintViolationException", "CredentialIdTooLongException" -> Reason.MALFORMED;
            default -> Reason.OTHER;
        };
    }
}
