import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.io.FileInputStream;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pdfbox.preflight.parser.PreflightParser;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** Asks the outside judges about PDF files: `Judge ROOT.PEM LIST.CRL FILE...`; one line for each judge and file. */
public class Judge {
    public static void main(String[] words) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int n = 2; n < words.length; n++) {
            File file = new File(words[n]);
            say("verapdf", file, veraPdf(file));
            say("preflight", file, preflight(file));
            say("dss", file, dss(file, new File(words[0]), words[1]));
        }
    }

    static void say(String judge, File file, String verdict) {
        System.out.println(judge + "\t" + file.getName() + "\t" + verdict);
    }

    /** PDF/A-3b by veraPDF: compliant, or the clauses that are not met. */
    static String veraPdf(File file) throws Exception {
        try (FileInputStream in = new FileInputStream(file);
                var parser = Foundries.defaultInstance().createParser(in, PDFAFlavour.PDFA_3_B);
                var validator = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFA_3_B, false)) {
            var result = validator.validate(parser);
            Set<String> clauses = new TreeSet<>();
            result.getTestAssertions().forEach(one -> clauses.add(
                one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage()));
            return result.isCompliant() ? "compliant" : "NOT " + clauses;
        }
    }

    /** PDFBox preflight knows PDF/A-1b alone: it is asked whether it can read the file, its findings are for 1b. */
    static String preflight(File file) {
        try {
            var result = PreflightParser.validate(file);
            Set<String> codes = new TreeSet<>();
            result.getErrorsList().forEach(one -> codes.add(one.getErrorCode() + " " + one.getDetails()));
            return result.isValid() ? "valid 1b" : "NOT 1b " + codes;
        } catch (Exception fault) {
            return "unreadable " + fault;
        }
    }

    /** EU DSS by ETSI EN 319 102-1, offline, with the study's root and list. */
    static String dss(File file, File root, String list) throws Exception {
        var trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(root));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setCrlSource(new ExternalResourcesCRLSource(new FileInputStream(list)));
        verifier.setAIASource(null);
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        SimpleReport report = validator.validateDocument().getSimpleReport();
        StringBuilder said = new StringBuilder();
        for (String id : report.getSignatureIdList()) {
            said.append(report.getSignatureFormat(id)).append(' ').append(report.getIndication(id));
            if (report.getSubIndication(id) != null) said.append('/').append(report.getSubIndication(id));
            report.getAdESValidationErrors(id).forEach(one -> said.append(" [").append(one.getValue()).append(']'));
            report.getAdESValidationWarnings(id).forEach(one -> said.append(" (").append(one.getValue()).append(')'));
            said.append("; ");
        }
        return said.toString();
    }
}
