import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch, without its distribution: TestNode FOLDER NAME [SETTING=VALUE[,VALUE]…]. */
public final class TestNode extends Node {
    private TestNode(Environment environment) {
        // Plugins are found in a folder of the distribution; here they are on the class path.
        super(environment, List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, ReindexPlugin.class), true);
    }

    public static void main(String[] given) throws Exception {
        Path folder = Path.of(given[0]);
        String name = given[1];
        Settings.Builder settings = Settings.builder()
            .put("path.home", folder)
            .put("path.data", folder.resolve("data"))
            .put("path.logs", folder.resolve("logs"))
            .put("node.name", name)
            .put("http.type", "netty4")
            .put("transport.type", "netty4");
        for (int n = 2; n < given.length; n++) {
            String[] pair = given[n].split("=", 2);
            String[] values = pair[1].split(",");
            if (values.length > 1) {
                settings.putList(pair[0], values);
            } else {
                settings.put(pair[0], pair[1]);
            }
        }
        LogConfigurator.registerErrorListener();
        LogConfigurator.setNodeName(name);
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), folder.resolve("config"), () -> name);
        TestNode node = new TestNode(environment);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception problem) {
                problem.printStackTrace();
            }
        }));
        node.start();
        Thread.currentThread().join();
    }
}
