package com.fyvault.factors;

import io.nayuki.qrcodegen.QrCode.Ecc;

/// A text as a QR code (ISO/IEC 18004) in SVG: one path, no script, no reference to anything outside.
final class QrCode {
    private static final int QUIET = 4;

    private QrCode() {}

    static String svg(String text) {
        io.nayuki.qrcodegen.QrCode code = io.nayuki.qrcodegen.QrCode.encodeText(text, Ecc.MEDIUM);
        int size = code.size + 2 * QUIET;
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M')
                            .append(x + QUIET)
                            .append(',')
                            .append(y + QUIET)
                            .append("h1v1h-1z");
                }
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size
                + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h" + size + "v" + size + "h-" + size
                + "z\"/><path d=\"" + path + "\"/></svg>";
    }
}
