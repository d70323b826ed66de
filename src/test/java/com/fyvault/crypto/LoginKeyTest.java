package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class LoginKeyTest {
    private final SeededRandom random = new SeededRandom(7);

    @Test
    void theTwoHalvesFit() throws Exception {
        for (int i = 0; i < 20; i++) {
            LoginKey key = SubKeys.derive(random.bytes(32)).login();
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
            signer.initSign(KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(
                            new BigInteger(1, bytes(key.exposeD())), curve.getParameterSpec(ECParameterSpec.class))));
            byte[] message = random.bytes(40);
            signer.update(message);
            JwsKey open = JwsKey.ec(JwsKey.Algorithm.ES256, bytes(key.x()), bytes(key.y()));
            assertThat(open.verify(message, signer.sign())).isTrue();
        }
    }

    @Test
    void oneRootGivesOneKeyAndAnotherAnother() {
        byte[] root = random.bytes(32);
        assertThat(SubKeys.derive(root).login().id())
                .isEqualTo(SubKeys.derive(root).login().id())
                .isNotEqualTo(SubKeys.derive(random.bytes(32)).login().id());
        assertThat(SubKeys.derive(root).login()).hasToString("[key]");
    }

    @Test
    void aTextOpensOnlyWhereItBelongs() {
        TextSeal seal = SubKeys.derive(random.bytes(32)).mail();
        byte[] row = "row".getBytes(StandardCharsets.US_ASCII);
        byte[] other = "ro2".getBytes(StandardCharsets.US_ASCII);
        byte[] box = seal.seal("mail", row, "grüße", random);
        assertThat(seal.open("mail", row, box)).isEqualTo("grüße");
        assertThatThrownBy(() -> seal.open("mail", other, box)).isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> seal.open("token", row, box)).isInstanceOf(SealBroken.class);
        assertThatThrownBy(() -> seal.open("mail", row, new byte[3])).isInstanceOf(SealBroken.class);
        TextSeal stranger = SubKeys.derive(random.bytes(32)).mail();
        assertThatThrownBy(() -> stranger.open("mail", row, box)).isInstanceOf(SealBroken.class);
        for (int bit = 0; bit < box.length * 8; bit++) {
            byte[] flipped = box.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> seal.open("mail", row, flipped)).isInstanceOf(SealBroken.class);
        }
    }

    private static byte[] bytes(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
